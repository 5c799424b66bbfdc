from io import BytesIO

import pytest
from flask import Flask, request

from webapp.kernel.text.cleaning import LARGEST, clean, whole


@pytest.mark.parametrize(
    ("text", "kept"),
    [("zero\0byte", "zerobyte"), ("half \ud83d pair", "half ? pair"), ("été 🎺", "été 🎺")],
)
def test_a_text_keeps_what_every_database_keeps(text: str, kept: str):
    assert clean(text) == kept


def test_a_number_up_to_the_largest_id_is_read():
    assert (whole("0"), whole(str(LARGEST))) == (0, LARGEST)


@pytest.mark.parametrize("text", ["-1", str(LARGEST + 1), "9" * 5000, "x", "", "1.5", None])
def test_any_other_number_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        whole(text)


def test_the_texts_of_a_form_are_cleaned_and_its_files_are_not(app: Flask):
    sent = {"label": "Spring\0", "file": (BytesIO(b"a\0b"), "a.png")}

    with app.test_request_context("/?q=a%00b&q=c", method="POST", data=sent):
        assert request.form["label"] == "Spring"
        assert request.args.getlist("q") == ["ab", "c"]
        assert request.files["file"].read() == b"a\0b"
