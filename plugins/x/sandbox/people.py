"""People made from their number: millions of them, the same each time, none of them stored."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from plugins.x.sandbox.ids import time_of
from plugins.x.sandbox.names import BIOGRAPHIES, CULTURES, SIGNS

# People's ids start here and keep this distance, so an id leads back to its number. They lie
# where X's ids of 2019 and later lie, so that the time inside an id is the day of joining.
FIRST_ID = 1_200_000_000_000_000_000
ID_DISTANCE = 60_000_000_000
# A prime: multiplying by a step and taking the rest visits every place once, in an order that
# looks like none. More places would carry ids of the future.
MOST_PEOPLE = 12_000_017
_STEP = 7_654_321
_STEP_BACK = pow(_STEP, -1, MOST_PEOPLE)

SUSPENDED_EVERY, SUSPENDED_AT = 331, 7
# Writers stop at a number, so that a demo of any audience sends in a few windows.
LAST_WRITER, WRITER_BLOCK = 5_120, 16

_MASK = (1 << 64) - 1
# Followers of a person, from few to very many: most are small, a few are huge.
_SIZES = tuple(int(14 * ((1024 / (1024 - rank)) ** 1.45 - 1)) + rank % 9 for rank in range(1024))
_NAME_LETTERS, _BLOCK = 15, 10_000


def mix(value: int) -> int:
    """Spread `value` over 64 bits, as SplitMix64 does."""
    value = (value + 0x9E3779B97F4A7C15) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


class Person:
    """One of the crowd; every fact follows from the number, unless an admin changed it."""

    def __init__(self, crowd: "Crowd", index: int) -> None:
        self.index = index
        self.id = FIRST_ID + index * _STEP % MOST_PEOPLE * ID_DISTANCE
        self.bits = mix(index ^ crowd.salt)
        self.crowd = crowd

    @property
    def username(self) -> str:
        """The handle, with the person's number hidden in its digits."""
        renamed = self.crowd.renamed.get(self.index)
        return renamed[0] if renamed else self.crowd.handle(self.index, self.bits)

    @property
    def name(self) -> str:
        """The name as the person writes it."""
        renamed = self.crowd.renamed.get(self.index)
        return renamed[1] if renamed and renamed[1] else _full_name(self.bits)

    @property
    def suspended(self) -> bool:
        """Whether X has closed this person's account."""
        return self.crowd.is_suspended(self.index)

    @property
    def description(self) -> str:
        """The biography; empty for some."""
        return BIOGRAPHIES[(self.bits >> 40) % len(BIOGRAPHIES)]

    @property
    def protected(self) -> bool:
        """Whether only approved people see this person's posts; one in sixteen."""
        return not self.bits >> 44 & 15

    @property
    def verified(self) -> bool:
        """Whether the account carries a check mark; about four in a hundred."""
        return (self.bits >> 48) % 25 == 0

    @property
    def verified_type(self) -> str:
        """The colour of the check mark."""
        return "blue" if self.verified else "none"

    @property
    def accepts_dm(self) -> bool:
        """Whether strangers may write to this person; three in four."""
        return bool(self.bits >> 52 & 3)

    @property
    def created_at(self) -> datetime:
        """The day of joining."""
        return time_of(self.id)

    @property
    def followers_count(self) -> int:
        """How many follow this person."""
        return _SIZES[self.bits >> 54 & 1023]

    @property
    def public_metrics(self) -> dict[str, int]:
        """The counts anybody may see."""
        bits = self.bits
        return {
            "followers_count": _SIZES[bits >> 54 & 1023],
            "following_count": 20 + (bits >> 8) % 900,
            "post_count": (bits >> 16) % 4000,
            "listed_count": (bits >> 24) % 12,
            "like_count": (bits >> 20) % 9000,
            "media_count": (bits >> 28) % 300,
        }


@dataclass
class Crowd:
    """Everybody, and what an admin changed about single persons."""

    seed: int = 1
    renamed: dict[int, tuple[str, str]] = field(default_factory=dict)
    handles: dict[str, int] = field(default_factory=dict)
    closed: dict[int, bool] = field(default_factory=dict)

    @cached_property
    def salt(self) -> int:
        """The seed, spread so that neighbouring seeds make different people."""
        return mix(self.seed)

    def by_id(self, identifier: int) -> Person | None:
        """Return the person with this id, or nothing."""
        place, rest = divmod(identifier - FIRST_ID, ID_DISTANCE)
        if rest or not 0 <= place < MOST_PEOPLE:
            return None
        return Person(self, place * _STEP_BACK % MOST_PEOPLE)

    def by_username(self, username: str) -> Person | None:
        """Return the person with this handle, in any case, or nothing."""
        wanted = username.lower()
        index = self.handles.get(wanted)
        if index is None:
            index = self._number_in(wanted)
        if index is None or not 0 <= index < MOST_PEOPLE:
            return None
        person = Person(self, index)
        return person if person.username.lower() == wanted else None

    def rename(self, index: int, username: str, name: str = "") -> None:
        """Give a person another handle, and another name if one is given."""
        self.renamed[index] = (username, name)
        self.handles[username.lower()] = index

    def handle(self, index: int, bits: int) -> str:
        """Return the handle made of a person's letters and scrambled number."""
        row, place = divmod(index, _BLOCK)
        digits = str(row * _BLOCK + (place * 3331 + self.seed) % _BLOCK)
        return _letters(bits)[: _NAME_LETTERS - len(digits)] + digits

    def _number_in(self, username: str) -> int | None:
        digits = username[len(username.rstrip("0123456789")) :]
        if not digits:
            return None
        row, place = divmod(int(digits), _BLOCK)
        return row * _BLOCK + (place - self.seed) * pow(3331, -1, _BLOCK) % _BLOCK

    def is_suspended(self, index: int) -> bool:
        """Tell whether X closed this account."""
        return self.closed.get(index, index % SUSPENDED_EVERY == SUSPENDED_AT)

    def wrote(self, index: int) -> bool:
        """Tell whether this person is one of those who wrote to the brand first."""
        block, place = divmod(index, WRITER_BLOCK)
        return index < LAST_WRITER and place == mix(block ^ self.salt) % WRITER_BLOCK

    def visible(self, size: int) -> int:
        """Count those of the first `size` people who are not suspended."""
        regular = (size - SUSPENDED_AT - 1) // SUSPENDED_EVERY + 1 if size > SUSPENDED_AT else 0
        changed = [index for index in self.closed if index < size]
        corrections = sum(
            int(index % SUSPENDED_EVERY == SUSPENDED_AT) - int(self.closed[index])
            for index in changed
        )
        return size - regular + corrections

    def size_for(self, visible: int) -> int:
        """Return how many people it takes for `visible` of them not to be suspended."""
        size = visible
        while self.visible(size) < visible:
            size += visible - self.visible(size)
        return size

    def people(self, indices: Iterator[int]) -> Iterator[Person]:
        """Make the people of these numbers, one by one."""
        return (Person(self, index) for index in indices)


def _full_name(bits: int) -> str:
    culture = CULTURES[bits % len(CULTURES)]
    first = culture.firsts[(bits >> 8) % len(culture.firsts)][0]
    last = culture.lasts[(bits >> 16) % len(culture.lasts)][0].replace("-", " ")
    if culture.family_first:
        return f"{last} {first}"
    return _written(bits >> 32, first, last)


def _written(bits: int, first: str, last: str) -> str:
    match bits % 16:
        case 0:
            return f"{first} {last[0]}."
        case 1:
            return f"{first} {last}".lower()
        case 2:
            return f"{first} {SIGNS[(bits >> 4) % len(SIGNS)]}"
        case 3:
            return first
    return f"{first} {last}"


def _letters(bits: int) -> str:
    culture = CULTURES[bits % len(CULTURES)]
    first = culture.firsts[(bits >> 8) % len(culture.firsts)][1]
    last = culture.lasts[(bits >> 16) % len(culture.lasts)][1]
    match bits >> 24 & 3:
        case 0:
            return f"{first}_{last}"
        case 1:
            return first[0] + last
        case 2:
            return f"{first}{last[0]}"
    return first
