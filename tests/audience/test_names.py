"""Names as they are shown and as search compares them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.audience.names import DIRECTIONS, fold, shown, wanted_words, words_of

FOUND = {
    "Håkon": "hakon",
    "Jose\u0301 García": "josé",
    "İbrahim": "ibrahim",
    "Groß": "gross",
    "Hugo Moreau": "moreau",
    "Łukasz": "lukasz",
    "Işık": "isik",
    "Søren Ærø": "aero",
    "ＡＮＮＡ": "anna",
    "O'Brien": "o'brien",
    "山田太郎": "太郎",
    "김도윤": "도윤",
    "हिन्दी": "हिन्दी",
    "مَحمد": "محمد",
}


@pytest.mark.parametrize("name", FOUND)
def test_a_name_is_found_by_any_of_its_words_with_or_without_accents(name: str):
    words = words_of("", fold(name))

    typed = wanted_words(FOUND[name])
    assert typed
    assert all(any(word.startswith(start) for word in words) for start in typed)


def test_the_signs_of_indic_vowels_and_of_japanese_voices_are_told_apart():
    assert fold("की") != fold("क")
    assert fold("が") != fold("か")


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more_for_what_is_looked_for(text: str):
    assert wanted_words(fold(text)) == wanted_words(text)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_a_name_that_is_shown_turns_no_line_around(name: str):
    assert not DIRECTIONS.search(shown(name))


@pytest.mark.parametrize("name", ["\u2800", "\u3164", "\u200b\u200d", " \u00a0 ", "\u0301", ""])
def test_a_name_of_which_nothing_is_seen_is_none(name: str):
    assert shown(name) == ""


@pytest.mark.parametrize("name", ["🎉", "!!", "山", "\u202eliam", "…"])
def test_whatever_can_be_seen_is_a_name(name: str):
    assert shown(name)
