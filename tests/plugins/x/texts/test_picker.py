"""Every emoji that the composer's picker offers counts 2, as X's page on counting says."""

import json
import re
import unicodedata
from pathlib import Path

from plugins.x import texts
from plugins.x.texts.data import section

STATIC = Path(__file__).parents[4] / "static"
(DATA,) = (STATIC / "vendor").glob("emoji-data-*.json")
NEEDED = frozenset(section("emoji.txt", "variation"))
VARIED = re.compile("(.)\ufe0f", re.DOTALL)


def inserted(sign: str) -> str:
    """Drop U+FE0F behind a sign that is an emoji by itself, as `static/js/emoji.js` does."""
    return VARIED.sub(lambda found: found[0] if is_text(found[1]) else found[1], sign)


def is_text(sign: str) -> bool:
    return sign in NEEDED or sign in "#*0123456789" or unicodedata.category(sign) == "Mn"


def test_every_emoji_of_the_picker_is_two():
    offered = [item["emoji"] for item in json.loads(DATA.read_text("utf-8"))]

    assert len(offered) > 1_800
    assert [sign for sign in offered if texts.weighted(inserted(sign)) != 2] == []
    assert [sign for sign in offered if texts.weighted(sign) != 2] != []
