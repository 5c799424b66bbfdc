"""Rules about what people wrote: nothing twice, nothing of the account's own, no refusal missed."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import pairwise

from channels.testing.altered import put
from channels.testing.rules import Rules, about, explained
from channels.testing.watch import Watch
from channels.testing.wire import Answer
from channels.values import InboundMessage, InboundPage, Person, Wish
from channels.wishes import wish_of

# Refusals, plain and in doubt; some have words in them that agree when they stand alone.
REFUSALS = ("STOP", "No thanks", "Leave me alone", "Do not start, stop", "Yes, unsubscribe me")


class InboxRules(Rules):
    """A STOP is never passed over, and the account never answers itself."""

    @about("inbox")
    def test_the_inbox_ends_repeats_nothing_and_comes_newest_first(self, watch: Watch) -> None:
        found = messages(self.read(watch, "inbox"))
        ids = [message.remote_id for message in found]

        assert found, "Script at least one message."
        assert len(set(ids)) == len(ids), "A message comes twice."
        assert all(a.received_at >= b.received_at for a, b in pairwise(found))

    @about("inbox")
    def test_the_accounts_own_messages_are_told_apart(self, watch: Watch) -> None:
        before = self.read(watch, "inbox")
        wrote = {item.person.remote_id: item.person for item in messages(before)}

        for person in wrote.values():
            own = self.altered(watch, self._as_own(person))
            listed = [item for item in messages(own) if item.person.remote_id == self.remote_id]
            assert listed == [], (
                "The account's own messages are no inbox; InboundPage.received puts them aside."
            )
            assert times(own) == times(before), (
                "The account's own messages are left out without a trace. Tell in besides when "
                "they were written, as InboundPage.received does: they show how far back a page "
                "goes, and are charged."
            )

    @about("inbox")
    def test_no_refusal_is_told_as_an_agreement(self, watch: Watch) -> None:
        said = {item.text for item in messages(self.read(watch, "inbox")) if item.text}
        told = list[str]()
        for refusal in REFUSALS:
            found = messages(self.altered(watch, _instead(said, refusal)))
            told += [item.text for item in found if wish_of(refusal) and _agrees(item, refusal)]

        assert told == [], "This is no agreement; let channels.texts.wish_of hear it."

    def altered(self, watch: Watch, change: Callable[[str], str]) -> Iterable[InboundPage]:
        """Read the inbox whose script says something else."""
        watch.wire.restart(
            put(item, change) if isinstance(item, Answer) else item
            for item in self.script_of("inbox")
        )
        pages = self.make(watch, self.call_of("inbox"))
        assert isinstance(pages, tuple), (
            f"The inbox cannot be read with another message: {explained(pages)}"
        )
        return pages

    def _as_own(self, person: Person) -> Callable[[str], str]:
        own = {person.remote_id: self.remote_id, person.handle: self.handle}
        return lambda text: own.get(text, text)


def messages(pages: Iterable[InboundPage]) -> list[InboundMessage]:
    """Return every message of a reading."""
    return [message for page in pages for message in page.messages]


def times(pages: Iterable[InboundPage]) -> list[datetime]:
    """Return when everything was written that a reading lists."""
    told = [at for page in pages for at in page.besides]
    return sorted([*told, *(item.received_at for item in messages(pages))])


def _instead(said: set[str], refusal: str) -> Callable[[str], str]:
    return lambda text: refusal if text in said else text


def _agrees(message: InboundMessage, refusal: str) -> bool:
    return message.wish is Wish.OPT_IN and refusal in message.text
