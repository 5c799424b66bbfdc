"""The table of the words that end messages, and where its entries stand in a text."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from channels.spelling import Word, clauses


class Role(StrEnum):
    """What an entry of `wishes.toml` is for; the file says how each is used."""

    STOP = "stop"
    WORD = "word"
    PHRASE = "phrase"
    DOUBT = "doubt"
    OPT_IN = "opt_in"
    NO = "no"
    POLITE = "polite"
    NOT = "not"
    US = "us"
    MESSAGE = "message"
    GOES_ON = "goes_on"
    REPLY = "reply"
    ANSWER = "answer"
    BETWEEN = "between"
    PURPOSE = "purpose"


ENDING = frozenset({Role.STOP, Role.WORD, Role.PHRASE})
OFFERING = frozenset({Role.REPLY, Role.ANSWER, Role.BETWEEN, Role.PURPOSE})
NOTHING: frozenset[Role] = frozenset()
# What the table holds beside languages.
BESIDES = frozenset({"sources", "signs"})
Entries = Mapping[Role, Sequence[str]]


@dataclass(slots=True)
class Node:
    """Where reading an entry word by word has come to, and what it is if it ends here."""

    next: dict[str, "Node"] = field(default_factory=dict)
    roles: frozenset[Role] = NOTHING


@dataclass(frozen=True, slots=True)
class Unit:
    """The longest entry at a place of a text, or one word that is none."""

    at: int
    size: int
    roles: frozenset[Role]
    text: str

    def has(self, *wanted: Role) -> bool:
        """Tell whether it plays one of these parts."""
        return not self.roles.isdisjoint(wanted)


class Vocabulary:
    """Entries with their roles, found in a text in time that grows as the text does.

    Entries of the roles in `without` are left out.
    """

    def __init__(self, *tables: Entries, without: AbstractSet[Role] = NOTHING) -> None:
        self._root = Node()
        for table in tables:
            for role, entries in table.items():
                if role in without:
                    continue
                for entry in entries:
                    self._add(entry, role)

    def _add(self, entry: str, role: Role) -> None:
        node = self._root
        for text in words_of(entry):
            node = node.next.setdefault(text, Node())
        if node is not self._root:
            node.roles |= {role}

    def units(self, words: Sequence[Word]) -> list[Unit]:
        """Divide words into the longest entries, from left to right."""
        found, at = list[Unit](), 0
        while at < len(words):
            longest = max(self._at(words, at), key=lambda unit: unit.size, default=None)
            unit = longest or Unit(at, 1, NOTHING, words[at].text)
            found.append(unit)
            at += unit.size
        return found

    def every(self, words: Sequence[Word], role: Role) -> Iterator[Unit]:
        """Yield the entries of a role wherever they begin, also inside longer ones."""
        for at in range(len(words)):
            yield from (unit for unit in self._at(words, at) if role in unit.roles)

    def _at(self, words: Sequence[Word], at: int) -> Iterator[Unit]:
        """Yield the entries that begin at a place; how far that looks is bounded by the table."""
        node, end = self._root, at
        while end < len(words) and (following := node.next.get(words[end].text)):
            node, end = following, end + 1
            lone = end - at == 1 and words[at].joined
            if node.roles and not lone:
                text = " ".join(word.text for word in words[at:end])
                yield Unit(at, end - at, node.roles, text)


@cache
def words_of(entry: str) -> tuple[str, ...]:
    """Return the words of an entry as texts are read."""
    return tuple(word.text for clause in clauses(entry) for word in clause.words)


def entries_of(language: Mapping[str, Any]) -> Entries:
    """Return the entries of one language of the table."""
    return {role: tuple(language.get(role.value, ())) for role in Role}


@cache
def _written() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(files("channels").joinpath("wishes.toml").read_text(encoding="utf-8"))


@cache
def languages() -> Mapping[str, Mapping[str, Any]]:
    """Return the table as it is written, by code of the language."""
    return {code: found for code, found in _written().items() if code not in BESIDES}


def signs() -> frozenset[str]:
    """Return the pictures that look like a refusal where nothing else is said."""
    return frozenset(_written()["signs"]["doubt"])


def sources() -> Mapping[str, str]:
    """Return the documents that list words of the table, by the name languages call them."""
    return _written()["sources"]


def built_in() -> list[Entries]:
    """Return the entries of every language of the table."""
    return [entries_of(language) for language in languages().values()]


def own(stop: Iterable[str] = (), doubt: Iterable[str] = (), opt_in: Iterable[str] = ()) -> Entries:
    """Return entries that an instance adds: one word counts alone, a phrase wherever it stands."""
    told = list(stop)
    return {
        Role.WORD: [entry for entry in told if len(words_of(entry)) == 1],
        Role.PHRASE: [entry for entry in told if len(words_of(entry)) > 1],
        Role.DOUBT: list(doubt),
        Role.OPT_IN: list(opt_in),
    }
