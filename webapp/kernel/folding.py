"""One way to compare what people type with what is stored, for every search."""

import unicodedata

from webapp.kernel.text.cleaning import clean

# Marks that search leaves out: those of Latin, Greek and Cyrillic, of Hebrew and of Arabic. The
# signs for vowels of Indic scripts and the voicing of Japanese stay, since they are whole sounds.
MARKS = (
    range(0x0300, 0x0370),
    range(0x0591, 0x05C8),
    range(0x0610, 0x061B),
    range(0x064B, 0x0660),
    range(0x0670, 0x0671),
    range(0x1AB0, 0x1B00),
    range(0x1DC0, 0x1E00),
    range(0x20D0, 0x2100),
    range(0xFE20, 0xFE30),
)
# Letters with a stroke, or two in one, that Unicode does not take apart.
PLAIN = str.maketrans(
    {
        "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "\u0131": "i", "ŋ": "n", "ŧ": "t",
        "æ": "ae", "œ": "oe", "þ": "th",
    }
)  # fmt: skip


class _Signs(dict[int, str | None]):
    """What becomes of each sign, found out when it is met first: a sync folds millions of names."""

    def __missing__(self, code: int) -> str | None:
        left_out = unicodedata.category(chr(code)) == "Cf" or any(code in block for block in MARKS)
        self[code] = None if left_out else chr(code)
        return self[code]


_SIGNS = _Signs(PLAIN)


def fold(text: str) -> str:
    """Return a text as search compares it: small letters without accents, in one width."""
    if text.isascii():
        return clean(text).lower().strip()
    small = unicodedata.normalize("NFKD", clean(text)).casefold()
    apart = unicodedata.normalize("NFKD", small)
    return unicodedata.normalize("NFC", apart.translate(_SIGNS)).strip()
