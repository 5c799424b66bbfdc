"""Weighs a text as X does.

Source: X's page on counting characters, and configuration 3 of twitter-text: the signs of Western
scripts weigh 1 and the rest 2, every emoji weighs 2 and every link 23.
"""

import re
from collections.abc import Iterable
from functools import cache

from plugins.x.texts.emoji import joined
from plugins.x.texts.links import Link

LINK = 23
EMOJI = 2
LIGHT = re.compile(r"[\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]+")
# Emoji of more signs than one have one of these second: a variation, a keycap, a joiner, a skin
# tone, half of a flag, a tag.
SECOND = re.compile(
    "(?s).(?=[\u200d\u20e3\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0067])"
)


def weigh(text: str, links: Iterable[Link]) -> int:
    """Return the weight of a text whose links are known."""
    total = at = 0
    for link in links:
        total += _weigh_signs(text[at : link.start]) + LINK
        at = link.weighed
    return total + _weigh_signs(text[at:])


def _weigh_signs(text: str) -> int:
    total = at = 0
    for found in SECOND.finditer(text):
        end = _emoji_end(text, found.start()) if found.start() >= at else None
        if end:
            total += _plain(text[at : found.start()]) + EMOJI
            at = end
    return total + _plain(text[at:])


def _plain(text: str) -> int:
    return 2 * len(text) - sum(map(len, LIGHT.findall(text)))


def _emoji_end(text: str, at: int) -> int | None:
    """Return where the longest emoji of several signs ends that begins at `at`."""
    known = joined()
    for end in range(min(len(text), at + _longest()), at + 1, -1):
        if text[at:end] in known:
            return end
    return None


@cache
def _longest() -> int:
    return max(map(len, joined()))
