"""The emoji that are written with several signs; one sign alone weighs 2 in any case."""

from collections.abc import Iterator
from functools import cache
from itertools import product

from plugins.x.texts.data import section

FILE = "emoji.txt"
VARIATION, KEYCAP = "\ufe0f", "\u20e3"
TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
KEYS = "#*0123456789"
FLAG_LETTERS = 0x1F1E6 - ord("A")


@cache
def joined() -> frozenset[str]:
    """Return every emoji of several signs that X counts as one."""
    return frozenset([*_keycaps(), *_varied(), *_toned(), *_flags(), *_sequences()])


def _keycaps() -> Iterator[str]:
    for key in KEYS:
        yield from (f"{key}{KEYCAP}", f"{key}{VARIATION}{KEYCAP}")


def _varied() -> Iterator[str]:
    for sign in (*section(FILE, "variation"), *section(FILE, "varied")):
        yield f"{sign}{VARIATION}"


def _toned() -> Iterator[str]:
    for tone in TONES:
        yield from (f"{sign}{tone}" for sign in section(FILE, "tone"))
        yield from (f"{sign}{VARIATION}{tone}" for sign in section(FILE, "varied tone"))


def _flags() -> Iterator[str]:
    for letters in section(FILE, "flags"):
        yield "".join(chr(ord(letter) + FLAG_LETTERS) for letter in letters)


def _sequences() -> Iterator[str]:
    for written in (*section(FILE, "joined"), *section(FILE, "joined otherwise")):
        yield from _with_tones(written)


def _with_tones(written: str) -> Iterator[str]:
    """Yield a sequence with each skin tone; `*` is any, `?` any other than the one before."""
    for first, second in product(TONES, repeat=2):
        if "?" in written and first == second:
            continue
        yield written.replace("*", first, 1).replace("*", second).replace("?", second)
