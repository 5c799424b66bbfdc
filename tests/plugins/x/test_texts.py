import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from plugins.x import library, texts


@pytest.fixture
def without_setuptools(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An environment as Python 3.12 and later make it, in which nothing was measured yet."""
    monkeypatch.setitem(sys.modules, library.WANTED, None)
    for name in [name for name in sys.modules if name.startswith("twitter_text")]:
        monkeypatch.delitem(sys.modules, name)
    forget()
    yield
    forget()


def forget() -> None:
    library.twitter_text.cache_clear()
    texts.weighted.cache_clear()


@pytest.mark.usefixtures("without_setuptools")
def test_texts_are_measured_without_setuptools():
    assert texts.weighted("Coffee ☕ at https://ateliernord.com") == 7 + 2 + 4 + 23
    assert texts.has_link("See https://ateliernord.com")


@pytest.mark.usefixtures("without_setuptools")
def test_what_other_libraries_find_of_setuptools_stays_as_it_was(monkeypatch):
    monkeypatch.setitem(sys.modules, library.WANTED, own := ModuleType("own"))

    texts.weighted("Hello")

    assert sys.modules[library.WANTED] is own
