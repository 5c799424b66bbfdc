"""Ids that tell their time, made the way X makes them."""

from datetime import UTC, datetime

# X's ids carry the milliseconds since this instant above 22 bits of machine and sequence.
EPOCH_MILLISECONDS = 1_288_834_974_657
SEQUENCE_BITS = 22


def id_at(when: datetime) -> int:
    """Return the smallest id of the millisecond of `when`."""
    return (int(when.timestamp() * 1000) - EPOCH_MILLISECONDS) << SEQUENCE_BITS


def time_of(identifier: int) -> datetime:
    """Return when `identifier` was given, aware, in UTC."""
    milliseconds = (identifier >> SEQUENCE_BITS) + EPOCH_MILLISECONDS
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def timestamp(when: datetime) -> str:
    """Write `when` as X writes instants: milliseconds and a Z."""
    return f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03d}Z"


class IdSource:
    """Gives ids that only grow, even when the clock is set back."""

    def __init__(self) -> None:
        self.last = 0

    def next(self, now: datetime) -> int:
        """Return a new id, of the time `now` or just above the last one given."""
        self.last = max(self.last + 1, id_at(now))
        return self.last
