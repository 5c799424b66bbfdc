"""Which word of a name a greeting uses, and where it uses none."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.audience.greetings import ARTICLES, TITLES, first_name

GREETED = {
    "Maria Ruiz": "Maria",
    "Dr. Maria Ruiz": "Maria",
    "Prof. Dr. Hans Meier": "Hans",
    "Ms Sofia Lopez": "Sofia",
    "Anna Müller, PhD": "Anna",
    "Smith, John": "John",
    "Ruiz, Dr. Maria": "Maria",
    "Anna|Designer|NYC": "Anna",
    "Anna - Designer": "Anna",
    "Maria (she/her)": "Maria",
    "🌸 Maria 🌸": "Maria",
    "“Maria”": "Maria",
    "𝓜𝓪𝓻𝓲𝓪 Lopez": "Maria",
    "Jean-Luc Picard": "Jean-Luc",
    "O'Brien": "O'Brien",
    "İbrahim Çelik": "İbrahim",
    "मारिया शर्मा": "मारिया",
    "محمد علي": "محمد",
    "สมชาย ใจดี": "สมชาย",
    "김 도윤": "도윤",
    "Nguyễn Văn An": "An",
    "\u202eMaria": "Maria",
}
NOT_GREETED = (
    "",
    "   ",
    "@bob",
    "#hash",
    "maria_x",
    "R2D2 Unit",
    "J. R. Tolkien",
    "J.R. Tolkien",
    "Mr. Smith",
    "Smith,",
    "Smith, J.",
    "김도윤",
    "김",
    "山田 太郎",
    "佐藤健",
    "The Bakery",
    "Maria's Shop",
    "123",
    "!!",
    "\u2800",
)


@pytest.mark.parametrize("name", GREETED)
def test_a_person_is_greeted_by_the_given_name(name: str):
    assert first_name(name) == GREETED[name]


@pytest.mark.parametrize("name", NOT_GREETED)
def test_nobody_is_greeted_by_a_guess(name: str):
    assert first_name(name) == ""


@given(st.text(max_size=40))
def test_a_greeting_is_a_word_of_letters_and_never_a_title(name: str):
    found = first_name(name)

    assert " " not in found
    assert not any(unicodedata.category(sign)[0] in "NZC" for sign in found.replace("\u200d", ""))
    assert found.casefold() not in TITLES | ARTICLES
