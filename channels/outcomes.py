"""What became of a call: accepted, never accepted, or nobody knows."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.operations import Operation
from channels.sentences import _
from channels.validation import Value
from channels.values import Person

# Networks date to the second, and an answer is under way for a while.
SLACK = timedelta(seconds=10)
# A clock that nobody sets is minutes off. What a network dated before the attempt by a clock of
# its own may be what the attempt left there, and whoever overlooks it sends it again.
CLOCKS_APART = timedelta(minutes=5)
# No request is held up for longer on its way, as far as anybody knows.
MAY_ARRIVE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(Value):
    """The network accepted the call and gave the thing this id.

    No two things of one account share an id; where posts and messages are counted apart on the
    network, the channel puts a word before one of them. `accepted` says that it only took the
    message over, and tells by an event whether it arrived.
    """

    remote_id: str
    url: str | None = None
    accepted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent(Value):
    """The call was not accepted and never will be, even if it was held up: it may be made again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknowable(Value):
    """The network could not tell; `ask_at` is when asking again makes sense, if ever."""

    reason: str
    ask_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt(Value):
    """A call whose outcome nobody recorded, described well enough to look for it.

    `known_remote_ids` are things of the same kind that other attempts already account for.
    `media` are the ids of the pictures and films that it named, where the channel uploads them.
    """

    operation: Operation
    text: str
    started_at: datetime
    person: Person | None = None
    known_remote_ids: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset()

    def matches(self, remote_id: str, text: str, at: datetime) -> bool:
        """Tell whether a thing on the network may be what this attempt left there.

        The words are the same, it is not older than the attempt as far as two clocks tell, and
        no other attempt has it.
        """
        if remote_id in self.known_remote_ids or at < self.started_at - CLOCKS_APART:
            return False
        return _words(text) == _words(self.text)

    def absent(
        self, now: datetime, *, lasts: timedelta = MAY_ARRIVE, there: datetime | None = None
    ) -> NotSent | Unknowable:
        """Return what it means that the network does not show this attempt.

        A request that was held up may still arrive for as long as it `lasts`; `there` is the
        network's own time where it is known, else `now`.
        """
        left = self.started_at + lasts + SLACK - (there or now)
        if left <= timedelta():
            return NotSent()
        return Unknowable(reason=_("The network may still accept it."), ask_at=now + left)


def _words(text: str) -> list[str]:
    """Return the words of a text; networks compose letters and trim blanks."""
    return unicodedata.normalize("NFC", text).split()
