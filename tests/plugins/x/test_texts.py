import sys
import time
from collections.abc import Iterator
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.x import measures, texts


@pytest.fixture
def without_setuptools(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An environment as Python 3.12 and later make it, in which nothing was measured yet."""
    monkeypatch.setitem(sys.modules, measures.WANTED, None)
    for name in [name for name in sys.modules if name.startswith("twitter_text")]:
        monkeypatch.delitem(sys.modules, name)
    forget()
    yield
    forget()


def forget() -> None:
    measures.twitter_text.cache_clear()
    texts.weighted.cache_clear()


@pytest.mark.usefixtures("without_setuptools")
def test_texts_are_measured_without_setuptools():
    assert texts.weighted("Coffee ☕ at https://ateliernord.com") == 7 + 2 + 4 + 23
    assert texts.has_link("See https://ateliernord.com")


@pytest.mark.usefixtures("without_setuptools")
def test_what_other_libraries_find_of_setuptools_stays_as_it_was(monkeypatch):
    monkeypatch.setitem(sys.modules, measures.WANTED, own := ModuleType("own"))

    texts.weighted("Hello")

    assert sys.modules[measures.WANTED] is own


WORD = st.sampled_from(
    [
        "Hello", "日本", "👩‍👩‍👧", "🇫🇷", "e\N{COMBINING ACUTE ACCENT}", "ateliernord.com", "a.b.",
        "(https://ateliernord.com/?a=1)", "日本example.comです", "@anna", "#wood",
        "שלום", "www.x.com.", "co.uk/x,", "\N{ZERO WIDTH SPACE}", "❤️", "-", "http://",
        "$NORD", "a@b.com",
    ]
)  # fmt: skip
BLANK = st.sampled_from(
    ["", " ", "\n", "\r\n", "\t", "  ", "\N{IDEOGRAPHIC SPACE}", "\N{NO-BREAK SPACE}"]
)


@given(st.lists(st.tuples(WORD, BLANK), max_size=9))
def test_a_text_measures_as_the_library_says(words: list[tuple[str, str]]):
    text = "".join(word + blank for word, blank in words)
    library_says = measures.twitter_text()

    assert texts.weighted(text) == library_says.parse_tweet(text).weightedLength
    assert texts.has_link(text) == bool(library_says.extract_urls(text))


def test_many_emoji_of_many_signs_are_measured_as_the_library_says():
    text = "👩‍👩‍👧‍👦" * 100 + "." + "👍🏽" * 39

    assert texts.weighted(text) == 279


@pytest.mark.parametrize("unit", ["a.b.", "🙂.", "日本.語", "a.b. "])
def test_a_long_text_is_measured_at_once(unit: str):
    texts.weighted("Hello")
    began = time.process_time()

    length = texts.weighted(unit * 20_000)
    texts.has_link(unit * 20_000)

    assert length > 20_000
    assert time.process_time() - began < 10
