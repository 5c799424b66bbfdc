"""X's rules about text: weighted length, links, cashtags, mentions."""

import re
import unicodedata
from functools import lru_cache

from plugins.x.measures import twitter_text

POST_LIMIT = 280
# How much too long a text is interests nobody to the letter from here on.
FAR = 10 * POST_LIMIT
SCHEME = "://"
PIECE = re.compile(r"\s+|\S+")
# X's blocks of signs that weigh 1.
LIGHT = (range(4_352), range(8_192, 8_206), range(8_208, 8_224), range(8_242, 8_248))
DIRECT_LIMIT = 10_000
CASHTAG = re.compile(r"(?<![\w$])\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?\b")
MENTION = re.compile(r"(?<![\w@])@[A-Za-z0-9_]{1,15}\b")


@lru_cache(maxsize=2_048)
def weighted(text: str) -> int:
    """Return X's weighted length: a link is 23, most letters 1, CJK and emoji 2.

    Links end at a blank, so each word is measured alone: the library takes seconds for a thousand
    letters with dots and without blanks, and hours for as many as a text may have.
    """
    total = 0
    for piece in PIECE.findall(unicodedata.normalize("NFC", text)):
        far = total > FAR or len(piece) > 2 * FAR
        total += _plainly(piece) if far else _measured(piece)
    return total


def _measured(piece: str) -> int:
    """Measure a word; of one that is longer than most links may be, what stands between dots."""
    if len(piece) <= POST_LIMIT or SCHEME in piece:
        return _parsed(piece)
    return sum(map(_parsed, piece.split("."))) + piece.count(".")


@lru_cache(maxsize=2_048)
def _parsed(piece: str) -> int:
    return int(twitter_text().parse_tweet(piece).weightedLength)


def _plainly(piece: str) -> int:
    """Measure what is too long in any case, without a look for links or emoji."""
    return sum(1 if any(ord(sign) in block for block in LIGHT) else 2 for sign in piece)


def has_link(text: str) -> bool:
    """Tell whether X will see a link in the text, which costs more."""
    near = (word for word in text.split() if len(word) <= POST_LIMIT or SCHEME in word)
    return any(twitter_text().extract_urls(word) for word in near if "." in word)


def cashtags(text: str) -> list[str]:
    """Return the cashtags of a text."""
    return CASHTAG.findall(text)


def mentions(text: str) -> list[str]:
    """Return the accounts a text mentions."""
    return MENTION.findall(text)
