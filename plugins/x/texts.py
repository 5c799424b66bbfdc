"""X's rules about text: weighted length, links, cashtags, mentions."""

import re
from functools import lru_cache

from plugins.x.library import twitter_text

POST_LIMIT = 280
DIRECT_LIMIT = 10_000
CASHTAG = re.compile(r"(?<![\w$])\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?\b")
MENTION = re.compile(r"(?<![\w@])@[A-Za-z0-9_]{1,15}\b")


@lru_cache(maxsize=2_048)
def weighted(text: str) -> int:
    """Return X's weighted length: a link is 23, most letters 1, CJK and emoji 2."""
    return int(twitter_text().parse_tweet(text).weightedLength)


def has_link(text: str) -> bool:
    """Tell whether X will see a link in the text, which costs more."""
    return bool(twitter_text().extract_urls(text))


def cashtags(text: str) -> list[str]:
    """Return the cashtags of a text."""
    return CASHTAG.findall(text)


def mentions(text: str) -> list[str]:
    """Return the accounts a text mentions."""
    return MENTION.findall(text)
