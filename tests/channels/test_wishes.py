"""What people write to an account, and what of it is a wish."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import Wish
from channels.texts import OPT_IN_WORDS, STOP_WORDS, wish_of

AROUND = st.text(
    st.sampled_from(' .!…。！\n\t"“”«»()*_-🙏🛑👍🏽\N{ZERO WIDTH SPACE}\N{RIGHT-TO-LEFT MARK}')
)


@given(word=st.sampled_from(sorted(STOP_WORDS)), before=AROUND, after=AROUND)
def test_a_stop_word_is_known_in_any_case_with_anything_around_it(
    word: str, before: str, after: str
):
    before, after = before.replace("_", " "), after.replace("_", " ")

    assert wish_of(f"{before}{word}{after}") is Wish.STOP
    assert wish_of(f"{before}{word.upper()}{after}") is Wish.STOP


@pytest.mark.parametrize(
    "text",
    [
        "STOP 🙏",
        "Stop please",
        "please stop",
        "Please stop sending me these messages",
        "Stop messaging me!!",
        "Stop, ok?",
        "Bitte STOPP",
        "Unsubscribe me",
        "ＳＴＯＰ",
        "de\N{COMBINING ACUTE ACCENT}sabonner svp",
        "Merci, arrêtez",
        "Стоп, пожалуйста",
        "İPTAL",
        "取消。",
    ],
)
def test_a_short_request_to_stop_is_one(text: str):
    assert wish_of(text) is Wish.STOP


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🙏",
        "Please",
        "Don't stop!",
        "Do not stop",
        "Is there a bus stop?",
        "What is at the end",
        "When does the sale end?",
        "My order had to stop at the border and I wonder when it goes on",
        "Nonstop",
        "Stop by when you like",
        "Yes please, but tell me more first",
        "Yes, in oak",
    ],
)
def test_other_words_ask_for_nothing(text: str):
    assert wish_of(text) is None


@pytest.mark.parametrize("word", sorted(OPT_IN_WORDS))
def test_an_agreement_is_a_word_alone(word: str):
    assert wish_of(f" {word.upper()}! ") is Wish.OPT_IN
    assert wish_of(f"{word} please") is None
