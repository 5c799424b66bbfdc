"""Rules about `find_sent`: it settles what is proved, for posts and for messages alike."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from channels.operations import Operation
from channels.outcomes import NotSent, Sent
from channels.testing.asked import core_of, said_by
from channels.testing.calls import STRANGER, Call, Search, operation_of
from channels.testing.rules import Rules
from channels.testing.watch import Watch

NOW = timedelta()
LATER = timedelta(days=1)
LONGEST = timedelta(days=7)


class FindingRules(Rules):
    """A search says *sent* or *not sent* only where the network proves it."""

    def test_what_was_sent_is_found(self, watch: Watch, sought: Call) -> None:
        found = self.well(watch, sought)

        assert isinstance(found, Sent), (
            f"{sought.name} is {found}; scripts[{sought.name!r}] shows `text` as it was sent."
        )

    def test_what_was_never_sent_is_known_not_to_be(self, watch: Watch, missed: Call) -> None:
        found = self.well(watch, missed)

        assert isinstance(found, NotSent), (
            f"{missed.name} is {found}, though the network does not show it."
        )

    def test_what_may_still_arrive_is_not_given_up(self, watch: Watch, missed: Call) -> None:
        found = self.search(watch, missed, ago=NOW)

        assert not isinstance(found, NotSent), (
            "A request of this moment may be held up and arrive later; see Attempt.absent."
        )
        at, now = getattr(found, "ask_at", None), watch.context.now()
        if at is not None:
            assert at > now, "ask_at lies in the past."
            assert at - now <= LONGEST, (
                f"The network is asked again in {at - now}. Are milliseconds taken for seconds?"
            )

    def test_what_another_attempt_accounts_for_is_not_found_again(
        self, watch: Watch, sought: Call
    ) -> None:
        first = self.well(watch, sought)
        again = self.search(watch, sought, known=frozenset({first.remote_id}))

        assert again != first, "One thing on the network settles one attempt only."

    def test_older_things_and_other_words_settle_nothing(self, watch: Watch, sought: Call) -> None:
        first = self.well(watch, sought)
        asked = self.asked(watch)
        for changes in ({"text": f"{self.text} Again."}, {"at": LATER}):
            found = self.search(watch, sought, **changes)
            # A network that was asked for these words, or since then, answers for itself.
            if self.asked(watch) == asked:
                assert found != first, (
                    "Not every thing is what was sent: compare words and time, as "
                    "Attempt.matches does."
                )

    def test_a_message_to_somebody_else_settles_nothing(self, watch: Watch, sought: Call) -> None:
        if operation_of(sought, self.channel) is Operation.POST:
            return
        first = self.well(watch, sought)
        found = self.search(watch, sought, person=STRANGER)
        named = [text for said in self.asked(watch) for text in said.values()]

        asked = any(STRANGER.remote_id in text or STRANGER.handle in text for text in named)
        assert asked or found != first, (
            "The same words go to many people: ask for those to Attempt.person, or compare who "
            "got them."
        )

    def test_what_is_found_has_an_id_of_the_same_form(self, watch: Watch, sought: Call) -> None:
        made = "publish" if operation_of(sought, self.channel) is Operation.POST else "send"
        forms = {name: self._form(self.read(watch, name), name) for name in (made, sought.name)}

        assert len(set(forms.values())) == 1, (
            f"The same thing has one id: {made} and find_sent make theirs as {forms}."
        )

    def _form(self, found: Any, name: str) -> str:
        """Return what a channel puts around the network's own id; the id stands as a star."""
        return str(found.remote_id).replace(core_of(self.script_of(name), found.remote_id), "*")

    def search(self, watch: Watch, call: Call, *, at: timedelta = NOW, **changes: Any) -> Any:
        """Search again, with something changed, where the network answers the same."""
        kept, watch.context.time = watch.context.time, watch.context.time + at
        what = Search(operation=operation_of(call, self.channel), text=self.text)
        watch.wire.restart(self.script_of(call.name))
        try:
            return watch.make(
                call.name, lambda: replace(what, **changes).make(self.channel, watch.context)
            )
        finally:
            watch.context.time = kept

    def asked(self, watch: Watch) -> list[dict[str, str]]:
        """Return what the requests of the last call said."""
        return [said_by(item) for item in watch.wire.exchanges]
