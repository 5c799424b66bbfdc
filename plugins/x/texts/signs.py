"""Classes of signs as X's rule names them, each written as the inside of a `[...]`.

Source: npm's twitter-text 3.1.0, whose answers stand for X's own; the long classes are in
`signs.txt`. Nothing here is compiled to ignore case: Python would take a long s for an s.
"""

from functools import cache

from plugins.x.texts.data import section

BLANKS = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
PUNCTUATION = r"!'#%&()*+,\\\-./:;<=>?@\[\]\^_{|}~$"
DIRECTIONS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
FORBIDDEN = r"\ufffe\uffff\ufeff"
AT = "@\uff20"
HASH = "#\uff03"


@cache
def named(name: str) -> str:
    """Return a class of `signs.txt`: `accented`, `letters` or `other` signs of hashtags."""
    return "".join(map(_range, section("signs.txt", name)))


def _range(written: str) -> str:
    first, _dash, last = written.partition("-")
    return rf"\U{first:0>8}-\U{last or first:0>8}"
