"""Hears in what people write whether they want no messages, and sees where a text offers that.

The words stand in `wishes.toml`. A text gets one of three answers: it asks for an end, it looks
like that (in doubt), or it does not. In doubt is no agreement: a person decides.
"""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from channels.spelling import Clause, clauses
from channels.values import Wish
from channels.vocabulary import ENDING, OFFERING, Entries, Role, Unit, Vocabulary, built_in, signs

# A longer clause that only begins or ends with such a word is about something else.
SHORT_ORDER = 4
SHORT_REQUEST = 6
# So far before a phrase a word denies it: "I do not want to unsubscribe".
REACH = 3
# Words such as "with the word" between the verb and the word it offers.
MOST_BETWEEN = 6
GRADES = (None, Wish.DOUBT, Wish.STOP)


class Listener:
    """Knows the words of the table, and those of an instance where it is given them."""

    def __init__(self, *more: Entries) -> None:
        tables = (*built_in(), *more)
        self._wishes = Vocabulary(*tables, without=OFFERING)
        self._signs = signs()
        self._offers = Vocabulary(*tables, without={Role.US, Role.DOUBT})

    def wish_of(self, text: str) -> Wish | None:
        """Return what a message asks for; nothing when it is about something else."""
        found = clauses(text)
        read = [self._wishes.units(clause.words) for clause in found]
        units = [unit for line in read for unit in line]
        if len(units) == 1 and units[0].has(Role.OPT_IN):
            return Wish.OPT_IN
        if _all_say(units, *ENDING):
            return Wish.DOUBT if any(_is_turned_round(line) for line in read) else Wish.STOP
        if _all_say(units, Role.NO) or self._is_sign(text, units):
            return Wish.DOUBT
        grades = (self._of_clause(*pair) for pair in zip(found, read, strict=True))
        return max(grades, key=GRADES.index, default=None)

    def _is_sign(self, text: str, units: Sequence[Unit]) -> bool:
        """Tell whether a picture such as a stop sign is all that is said, beside courtesies."""
        return all(_is_courtesy(unit) for unit in units) and not self._signs.isdisjoint(text)

    def _of_clause(self, clause: Clause, units: Sequence[Unit]) -> Wish | None:
        core = _without_courtesies(units)
        if core and all(unit.has(*ENDING) for unit in core):
            plain = any(unit.has(Role.STOP, Role.PHRASE) for unit in core)
            return Wish.STOP if plain else Wish.DOUBT
        grades = [self._of_phrases(clause, units), _of_order(clause, core)]
        if next(self._wishes.every(clause.words, Role.DOUBT), None):
            grades.append(Wish.DOUBT)
        return max(grades, key=GRADES.index)

    def _of_phrases(self, clause: Clause, units: Sequence[Unit]) -> Wish | None:
        """Grade phrases that mean it wherever they stand, unless asked about or denied."""
        grade, denied = None, _denied(units)
        for phrase in self._wishes.every(clause.words, Role.PHRASE):
            if not clause.asks and phrase.at not in denied:
                return Wish.STOP
            grade = Wish.DOUBT
        return grade

    def offers(self, text: str) -> list[str]:
        """Return the words that a text tells its readers to write to end the messages."""
        found, line = list[str](), list[Unit]()
        for clause in clauses(text):
            line += self._offers.units(clause.words)
            if clause.ends:
                found += _offered(line)
                line = []
        return found + _offered(line)


def _all_say(units: Sequence[Unit], *roles: Role) -> bool:
    """Tell whether a message has such a word, and nothing else but courtesies."""
    fit = all(unit.has(*roles) or _is_courtesy(unit) for unit in units)
    return fit and any(unit.has(*roles) for unit in units)


def _is_courtesy(unit: Unit) -> bool:
    return unit.has(Role.POLITE, Role.NO) or unit.text.isdecimal()


def _without_courtesies(units: Sequence[Unit]) -> Sequence[Unit]:
    """Return the units from the first to the last that is no courtesy."""
    kept = [place for place, unit in enumerate(units) if _says_something(unit)]
    return units[kept[0] : kept[-1] + 1] if kept else ()


def _says_something(unit: Unit) -> bool:
    return unit.has(*ENDING) or not _is_courtesy(unit)


def _denied(units: Sequence[Unit]) -> set[int]:
    """Return the places where a phrase may begin shortly after a word that denies it."""
    ends = (unit.at + unit.size for unit in units if unit.has(Role.NOT))
    return {place for end in ends for place in range(end, end + REACH)}


def _is_turned_round(units: Sequence[Unit]) -> bool:
    """Tell whether a word such as *not* stands right before one that ends messages."""
    return any(a.has(Role.NOT) and b.has(*ENDING) for a, b in pairwise(units))


def _of_order(clause: Clause, core: Sequence[Unit]) -> Wish | None:
    """Grade a clause by where a word such as STOP stands in it."""
    if not core:
        return None
    about_us = any(unit.has(Role.MESSAGE) for unit in core)
    if core[0].has(Role.STOP, Role.WORD):
        return _of_beginning(clause, core, about_us=about_us)
    free = any(b.has(Role.STOP) and not a.has(Role.NOT) for a, b in pairwise(core))
    last = core[-1].has(Role.STOP) and len(core) <= SHORT_REQUEST
    return Wish.DOUBT if free and (last or about_us) and not clause.asks else None


def _of_beginning(clause: Clause, core: Sequence[Unit], *, about_us: bool) -> Wish | None:
    """Grade a clause that begins with STOP by what it goes on about."""
    following = next((unit for unit in core[1:] if not unit.has(Role.POLITE)), core[-1])
    if following.has(Role.GOES_ON):
        return None
    meant = about_us or following.has(Role.US, Role.DOUBT)
    if core[0].has(Role.STOP):
        return Wish.STOP if meant and not clause.asks else Wish.DOUBT
    return Wish.DOUBT if meant and len(core) <= SHORT_ORDER and not clause.asks else None


def _offered(line: Sequence[Unit]) -> list[str]:
    """Return the words of a sentence that a verb or a purpose offers."""
    return [unit.text for place, unit in enumerate(line) if _is_offered(line, place, unit)]


def _is_offered(line: Sequence[Unit], place: int, unit: Unit) -> bool:
    if not unit.has(*ENDING):
        return False
    after = line[place + 1 : place + 1 + MOST_BETWEEN]
    if after and after[0].has(Role.PURPOSE) and not (place and line[place - 1].has(Role.NOT)):
        return True
    before = line[max(place - MOST_BETWEEN, 0) : place][::-1]
    return _reaches(before, Role.REPLY) or _reaches(after, Role.ANSWER)


def _reaches(units: Sequence[Unit], role: Role) -> bool:
    """Tell whether a verb stands there with nothing but small words before it."""
    for unit in units:
        if unit.has(role):
            return True
        if not unit.has(Role.BETWEEN, Role.POLITE, Role.MESSAGE):
            return False
    return False


@cache
def listener() -> Listener:
    """Return the listener that knows the words of the table alone."""
    return Listener()


def wish_of(text: str) -> Wish | None:
    """Return what a message asks for: an end, an agreement, in doubt, or nothing of these."""
    return listener().wish_of(text)
