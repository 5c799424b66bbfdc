"""Names of people: as they are shown, as they are searched for, and how somebody is greeted."""

import re
import unicodedata
from collections.abc import Iterator

from webapp.kernel.folding import fold
from webapp.kernel.text.cleaning import clean

__all__ = ["fold", "shown", "wanted_words", "words_of"]

# Signs that begin or end a direction of writing. A name that begins one and never ends it turns
# around the rest of the line it stands in (Unicode Standard Annex 9, section 2).
DIRECTIONS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
# These are letters or symbols to Unicode, and nothing is drawn where they stand.
BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
WORD = re.compile(r"\w+")
# Scripts that write names without blanks between their parts.
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7a3]")
LONGEST = 255
LONGEST_WORD = 64
MOST_WORDS = 16


def shown(name: str) -> str:
    """Return a name that no line is turned around by; nothing when nothing of it can be seen."""
    text = clean(name)
    text = (text if text.isascii() else DIRECTIONS.sub("", text)).strip()
    first = text[:1]
    if first.isalnum() and first not in BLANK_LETTERS:
        return text
    return text if any(_is_seen(sign) for sign in text) else ""


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNPS" and sign not in BLANK_LETTERS


def wanted_words(typed: str) -> list[str]:
    """Return the words that somebody looks for, each as the beginning of a word of a name."""
    return [word[:LONGEST_WORD] for word in WORD.findall(fold(typed))][:MOST_WORDS]


def words_of(handle_key: str, name_key: str) -> set[str]:
    """Return the folded words by whose beginnings somebody is found.

    Where a script puts no blanks between the parts of a name, each part may begin anywhere.
    """
    keys = f"{handle_key} {name_key}"
    words = WORD.findall(keys)[:MOST_WORDS]
    if keys.isascii() or not UNSPACED.search(keys):
        return {word[:LONGEST_WORD] for word in words}
    return {part[:LONGEST_WORD] for word in words for part in _beginnings(word)}


def _beginnings(word: str) -> Iterator[str]:
    yield word
    for place, sign in enumerate(word[:MOST_WORDS]):
        if place and UNSPACED.match(sign):
            yield word[place:]
