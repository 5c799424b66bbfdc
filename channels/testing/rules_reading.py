"""Rules about readings: they end, repeat nobody, and say *unknown* where they do not know."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

from channels.outcomes import NotSent, Sent
from channels.pictures import lies_in
from channels.testing.calls import FINDS, READS, Call, find
from channels.testing.rules import Rules, about
from channels.testing.watch import Watch
from channels.testing.wire import Answer, Fault
from channels.values import Account, InboundMessage, Wish
from channels.wishes import wish_of

BY_NAME = {item.name: item for item in (*READS, *FINDS)}
# Refusals, plain and in doubt; some have words in them that agree when they stand alone.
REFUSALS = ("STOP", "No thanks", "Leave me alone", "Do not start, stop", "Yes, unsubscribe me")


def _saying(refusal: str, said: AbstractSet[str], answer: Answer | Fault) -> Answer | Fault:
    """Return an answer of the network in which every message says something else."""
    if isinstance(answer, Fault):
        return answer
    return replace(answer, json=_put(refusal, said, answer.json))


def _put(refusal: str, said: AbstractSet[str], value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _put(refusal, said, item) for name, item in value.items()}
    if isinstance(value, list):
        return [_put(refusal, said, item) for item in value]
    return refusal if isinstance(value, str) and value in said else value


def _agrees(message: InboundMessage, refusal: str) -> bool:
    return message.wish is Wish.OPT_IN and refusal in message.text


class ReadingRules(Rules):
    """What is read can be relied upon."""

    def test_connecting_returns_the_live_account(self, watch: Watch) -> None:
        account = self.read(watch, "connect")

        assert isinstance(account, Account)
        assert account.handle.lower() == self.handle.lower(), "The script is of another account."
        assert not account.handle.startswith("@")

    @about("audience")
    def test_the_audience_ends_and_repeats_nobody(self, watch: Watch) -> None:
        pages = self.read(watch, "audience")
        people = [person.remote_id for page in pages for person in page.people]

        assert len(people) > 1, "Script at least two people, on two pages where there are pages."
        assert len(set(people)) == len(people), "Somebody comes twice."

    @about("inbox")
    def test_the_inbox_ends_repeats_nothing_and_comes_newest_first(self, watch: Watch) -> None:
        pages = self.read(watch, "inbox")
        messages = [message for page in pages for message in page.messages]
        ids = [message.remote_id for message in messages]

        assert messages, "Script at least one message."
        assert len(set(ids)) == len(ids), "A message comes twice."
        assert all(a.received_at >= b.received_at for a, b in pairwise(messages))
        own = [item for item in messages if item.person.remote_id == watch.context.remote_id]
        assert own == [], "The account's own messages are no inbox."

    def test_every_picture_comes_from_a_declared_host(self, watch: Watch) -> None:
        pictures = [self.read(watch, "connect").avatar_url]
        if self.channel.audience:
            pages = self.read(watch, "audience")
            pictures += [person.avatar_url for page in pages for person in page.people]
        if self.channel.inbox:
            pages = self.read(watch, "inbox")
            pictures += [item.person.avatar_url for page in pages for item in page.messages]

        strange = [url for url in pictures if url and not lies_in(url, self.channel.image_hosts)]
        assert strange == [], "Add the host to image_hosts, or browsers load no picture of it."

    @about("inbox")
    def test_no_refusal_is_told_as_an_agreement(self, watch: Watch) -> None:
        pages = self.read(watch, "inbox")
        said = {message.text for page in pages for message in page.messages if message.text}
        call, told = BY_NAME["inbox"], list[str]()
        for refusal in REFUSALS:
            watch.wire.restart([_saying(refusal, said, item) for item in self.scripts["inbox"]])
            pages = watch.make("inbox", lambda: call.make(self.channel, watch.context, self.text))
            assert isinstance(pages, tuple), f"The inbox cannot be read after “{refusal}”: {pages}"
            found = [message for page in pages for message in page.messages]
            told += [item.text for item in found if wish_of(refusal) and _agrees(item, refusal)]

        assert told == [], "This is no agreement; let channels.texts.wish_of hear it."

    @about("reconciliation")
    def test_what_was_sent_is_found(self, watch: Watch) -> None:
        assert isinstance(self.read(watch, "find_sent"), Sent)

    @about("reconciliation")
    def test_what_was_never_sent_is_known_not_to_be(self, watch: Watch) -> None:
        assert isinstance(self.read(watch, "find_not_sent"), NotSent)

    @about("reconciliation")
    def test_what_may_still_arrive_is_not_given_up(self, watch: Watch) -> None:
        watch.wire.restart(self.scripts["find_not_sent"])
        just_now = timedelta()
        found = watch.make(
            "find_not_sent",
            lambda: find(self.channel, watch.context, self.text, frozenset(), just_now),
        )

        assert not isinstance(found, NotSent), (
            "A request of this moment may be held up and arrive later; see Attempt.absent."
        )

    @about("reconciliation")
    def test_what_another_attempt_accounts_for_is_not_found_again(self, watch: Watch) -> None:
        first = self.read(watch, "find_sent")
        watch.wire.restart(self.scripts["find_sent"])
        known = frozenset({first.remote_id})
        again = watch.make("find_sent", lambda: find(self.channel, watch.context, self.text, known))

        assert again != first, "One thing on the network settles one attempt only."

    def read(self, watch: Watch, name: str) -> Any:
        """Make a call that is answered as its script says."""
        call: Call = BY_NAME[name]
        return self.answered(watch, call)
