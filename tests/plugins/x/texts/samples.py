"""Texts in thirty scripts with what X draws apart, the same ones at each run."""

from collections.abc import Callable, Iterator, Sequence
from random import Random

SEED = 280
EACH = 700
# Thirty scripts by the code points of their letters.
SCRIPTS = {
    "Latin": (0x61, 0x7A),
    "Latin with accents": (0xE0, 0x17F),
    "Vietnamese": (0x1EA0, 0x1EF9),
    "Greek": (0x3B1, 0x3C9),
    "Cyrillic": (0x430, 0x45F),
    "Armenian": (0x561, 0x586),
    "Hebrew": (0x5D0, 0x5EA),
    "Arabic": (0x621, 0x64A),
    "Persian and Urdu": (0x671, 0x6D3),
    "Syriac": (0x710, 0x72F),
    "Thaana": (0x780, 0x7B0),
    "Devanagari": (0x905, 0x94D),
    "Bengali": (0x985, 0x9CD),
    "Gurmukhi": (0xA05, 0xA4D),
    "Gujarati": (0xA85, 0xACD),
    "Oriya": (0xB05, 0xB4D),
    "Tamil": (0xB85, 0xBCD),
    "Telugu": (0xC05, 0xC4D),
    "Kannada": (0xC85, 0xCCD),
    "Malayalam": (0xD05, 0xD4D),
    "Sinhala": (0xD85, 0xDDF),
    "Thai": (0xE01, 0xE4E),
    "Lao": (0xE81, 0xECD),
    "Tibetan": (0xF40, 0xF84),
    "Burmese": (0x1000, 0x103E),
    "Georgian": (0x10D0, 0x10F0),
    "Ethiopic": (0x1200, 0x1248),
    "Khmer": (0x1780, 0x17D2),
    "Kana": (0x3041, 0x30FE),
    "Han": (0x4E00, 0x4F00),
    "Hangul": (0xAC00, 0xAD00),
    "Cherokee": (0x13A0, 0x13F4),
}
LINKS = (
    "https://example.com", "http://example.com/", "HTTPS://Example.COM/Sale",
    "example.com/sale", "https://en.example.org/wiki/Foo_(bar)",
    "https://example.com/a_(b_(c))d", "t.co/abc", "ex.co.uk", "https://t.co/abc-d",
    "https://example.com:8080/x?y=1&z=$top", "https://example.com/?q=a.b!",
    "www.example.co.il", "https://www.example.com/@name", "https://example.com/#a/b",
    "foo.baz", "http://a_b.example.com", "http://a_b.com", "http://-a.com", "élysée.fr",
    "xn--p1ai.xn--p1ai", "name@example.com", "example.com?x=1", "https://例え.みんな/道",
    "https://example.com/путь-é", "日本.jp", "https://no-end", "http://example.com…",
    "example.com.", "пример.рф", "//example.com",
)  # fmt: skip
TAGS = (
    "@name", "＠name", "@a_b/list-1", "@name@name", "RT@name", "rt:@name", "!@name", ".@name",
    "@1", "#tag", "＃tag", "#1", "#1er", "#a·b", "&#tag", "#tag#tag", "##tag", "#tag://",
    "@name://", "#", "$ABC", "$ABCDEFG", "$AB.C", "$ab_cd", "($ABC)", "$ABC.", "$A$B", "$1",
    "@", "$", "a@b",
)  # fmt: skip
MARKS = (
    ".", ",", "!", "?", ":", ";", "(", ")", "[", "]", "“", "”", "«", "»", "‘", "’", "-", "–",
    "—", "…", "/", "_", "'", '"', "&", "%", "~", "。", "、", "！", "？", "（", "）", "「",
    "」", "・", "～", "\u200b", "\u200c", "\u200d", "\u200e", "\u202b", "\u202c", "\u2067",
    "\xa0", "\u3000", "\n", "™", "\u20ac", "\u2032", "\ufe0e", "\ufe0f", "©", "®", "\u0301",
    "\U00010400", "𝐀", "ﬁ", "½", "№", "ǆ",
)  # fmt: skip
EMOJI = (
    "😀", "☕️", "⭐️", "⚽️", "❗", "☎", "☎️", "👍", "👍️", "👍🏽", "✌🏿", "☝️", "❤️", "❤",
    "©️", "®️", "1️⃣", "#️⃣", "*⃣", "🇫🇷", "🇦🇦", "🇫", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👨‍👩‍👧‍👦", "👩🏽‍🚀",
    "🏳️‍🌈", "🏴‍☠️", "🤷🏼‍♀️", "🏋️‍♂️", "👩‍❤️‍👨", "👁‍🗨", "🦰", "🏽", "☺️", "♀️", "™️",
)  # fmt: skip


class Writer:
    """Writes texts of one script, at random but the same ones for each seed."""

    def __init__(self, first: int, last: int, seed: int) -> None:
        self._random = Random(seed)
        self._letters = [chr(point) for point in range(first, last + 1)]

    def text(self) -> str:
        """Return a text of one to twelve parts."""
        return "".join(self._one(self._parts())() for _number in range(1 + self._below(12)))

    def _below(self, limit: int) -> int:
        # `random()` alone gives the same numbers in every version of Python.
        return int(self._random.random() * limit)

    def _one(self, items):
        return items[self._below(len(items))]

    def _parts(self) -> Sequence[Callable[[], str]]:
        word, blank = self._word, lambda: " "
        fixed = [lambda kind=kind: self._one(kind) for kind in (LINKS, TAGS, MARKS, EMOJI)]
        return (word, word, blank, blank, blank, self._domain, self._tag, *fixed)

    def _word(self) -> str:
        return "".join(self._one(self._letters) for _number in range(1 + self._below(7)))

    def _domain(self) -> str:
        end = self._one(
            (".com", ".fr", ".みんな", ".рф", ".भारत", ".نت", ".nowhere", ".com/a", ".")
        )
        return self._one(("", "www.", "https://", "ab-")) + self._word() + end

    def _tag(self) -> str:
        return self._one(("#", "＃", "#1", "@", "$")) + self._word()


def texts() -> Iterator[str]:
    """Yield the texts, script by script."""
    for number, (first, last) in enumerate(SCRIPTS.values()):
        writer = Writer(first, last, SEED + number)
        yield from (writer.text() for _number in range(EACH))
