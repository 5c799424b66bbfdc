"""Reads a text as words that can be compared: without case, accents, width and hidden signs."""

# ruff: noqa: RUF001 - signs that look alike are what this is about

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, dots below Indic letters, and
# the choice between a picture and a letter. Other marks are vowels, which a word cannot lose.
ACCENTS = (
    (0x0300, 0x036F), (0x0483, 0x0487), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F),
    (0x0670, 0x0670), (0x06D6, 0x06ED), (0x093C, 0x093C), (0x09BC, 0x09BC), (0x0A3C, 0x0A3C),
    (0x0ABC, 0x0ABC), (0x0640, 0x0640), (0xFE00, 0xFE0F),
)  # fmt: skip
# Letters that people write for one another: keyboards without them, Arabic beside Persian and Urdu.
SAME = str.maketrans({
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ƙ": "k", "ɓ": "b", "ɗ": "d", "æ": "ae", "ё": "е",
    "ك": "ک", "ي": "ی", "ى": "ی", "ة": "ه", "ہ": "ه", "ھ": "ه", "ۃ": "ه", "ٱ": "ا", "ँ": "ं",
})  # fmt: skip
# Scripts without blanks between words, and Hangul, whose words grow endings.
UNSPACED = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x3005, 0x3007),
    (0x3040, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)  # fmt: skip
BREAKS = frozenset('.,;:!?\n\r()[]<>|/…¡¿。、，؟،؛۔।॥—–՞“”„«»「」『』"')
SENTENCE_ENDS = frozenset(".!?\n\r…。؟۔।॥¡¿")
QUESTIONS = frozenset("?؟՞")
HYPHENS = frozenset("-‐‑−")
NOT_SHORT = re.compile(r"n['’ʼ`]t\b")
I_AM = re.compile(r"\bi['’ʼ`]m\b")
# Three or more single letters with something between them, as in S T O P.
# Words that hang on a verb by a hyphen in French, Portuguese and Romanian: "désabonnez-moi".
HANGING = re.compile(r"[-‐‑−](?=(?:moi|nous|me|ma|mi)\b)")
# Letters of Cyrillic and Greek that look like Latin ones, inside a word that has both.
LOOK_ALIKE = str.maketrans("аеорсухіјѕкмтвнԁοαρτκυν", "aeopcyxijskmtbhdoaptkuv")
LATIN, OTHER = re.compile(r"[a-z]"), re.compile(r"[\u0370-\u052f]")
LETTERS = re.compile(r"[^\W\d_]+")
APART = re.compile(r"(?<![^\W_])(?:[^\W\d_][ \t._*·•-]{1,3}){2,}[^\W\d_](?![^\W_])")
BETWEEN_LETTERS = re.compile(r"[ \t._*·•-]+")
DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")


@dataclass(frozen=True, slots=True)
class Word:
    """One word, or one sign of a script without blanks.

    `joined` says that a hyphen ties it to a neighbour, as *stop* in *non-stop*.
    """

    text: str
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """The words between two marks; `asks` and `ends` tell which kind of mark ended them."""

    words: tuple[Word, ...]
    asks: bool = False
    ends: bool = True


def spell(text: str) -> str:
    """Return a text in one spelling, so that what people take for the same compares equal."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = "".join(sign for sign in plain if not _is_lost(sign))
    plain = unicodedata.normalize("NFC", kept.translate(SAME))
    plain = LETTERS.sub(_in_one_script, plain) if OTHER.search(plain) else plain
    plain = HANGING.sub(" ", plain)
    plain = I_AM.sub("im", NOT_SHORT.sub("nt", plain))
    plain = APART.sub(lambda found: BETWEEN_LETTERS.sub("", found[0]), plain)
    return DRAWN_OUT.sub(r"\1", plain)


def _in_one_script(found: re.Match[str]) -> str:
    """Return a word in Latin where it mixes scripts, as keyboards and evaders do."""
    word = found[0]
    mixed = LATIN.search(word) and OTHER.search(word)
    return word.translate(LOOK_ALIKE) if mixed else word


def clauses(text: str) -> list[Clause]:
    """Return the clauses of a text that have words; the time grows as the text does."""
    found, words = [], list[Word]()
    for kind, piece in _pieces(spell(text)):
        if kind != "mark":
            words.append(Word(piece, joined=kind == "joined"))
        elif words:
            found.append(Clause(tuple(words), piece in QUESTIONS, piece in SENTENCE_ENDS))
            words = []
    return [*found, Clause(tuple(words))] if words else found


def _pieces(plain: str) -> Iterator[tuple[str, str]]:
    """Yield words, words that a hyphen joins to a neighbour, and marks between clauses."""
    at, size = 0, len(plain)
    while at < size:
        kind, start = _kind(plain[at]), at
        at += 1
        if kind == "letter":
            while at < size and _kind(plain[at]) == "letter":
                at += 1
            yield "joined" if _is_joined(plain, start, at) else "word", plain[start:at]
        elif kind == "sign":
            yield "word", plain[start]
        elif plain[start] in BREAKS:
            yield "mark", plain[start]


def _is_joined(plain: str, start: int, end: int) -> bool:
    before, after = plain[max(start - 2, 0) : start], plain[end : end + 2]
    ties = (before[::-1], after)
    return any(
        len(tie) > 1 and tie[0] in HYPHENS and _kind(tie[1]) in ("letter", "sign") for tie in ties
    )


@lru_cache(maxsize=8_192)
def _kind(sign: str) -> str:
    """Tell a letter of a word, a sign that is a word of its own, and everything else apart."""
    if unicodedata.category(sign)[0] not in "LMN":
        return ""
    return "sign" if _within(sign, UNSPACED) else "letter"


@lru_cache(maxsize=8_192)
def _is_lost(sign: str) -> bool:
    return unicodedata.category(sign) == "Cf" or _within(sign, ACCENTS)


def _within(sign: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(sign) <= last for first, last in ranges)
