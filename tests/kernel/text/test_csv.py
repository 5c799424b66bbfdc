"""No cell of a sheet is a formula, whatever stands before its sign."""

import csv
import io
import unicodedata
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.kernel.text.csv import lines

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
BEFORE = " \t\r\n\v\f\0\u00a0\u200b\u200e\u2003\u2060\u3000\ufeff\u202e\u034f\ufe0f\u2800\u3164\x85"


def cell(value: Any) -> str:
    """What a spreadsheet finds in the cell of a value."""
    sheet = "".join(lines({"name": "Name"}, [{"name": value}], ZoneInfo("UTC")))
    rows = list(csv.reader(io.StringIO(sheet, newline="")))
    assert len(rows) == 2
    return rows[1][0]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", " =1+1", "\uff1d1+1", "\t=1+1", "\n+1", "\r\n@SUM(A1)", "\u200b=1+1", "\u00a0-1+1",
        "\ufeff=cmd|' /C calc'!A0", "\u3000\uff0b1", "  \n\t =HYPERLINK(A1)", "\tplain", "\nplain",
    ],
)  # fmt: skip
def test_a_cell_that_may_be_read_as_a_formula_is_neutral(text: str):
    assert cell(text) == f"'{text}"


def test_no_head_of_a_column_is_a_formula():
    """Teams name columns, too."""
    (head, *_rows) = lines({"own": "=1+1", "name": "Name"}, [], ZoneInfo("UTC"))

    assert list(csv.reader([head.removeprefix("\ufeff")])) == [["'=1+1", "Name"]]


@pytest.mark.parametrize(
    ("text", "neutral"),
    [
        ("Ana;=1+1;x", "Ana;'=1+1;x"),
        ("Ana; \uff1d1+1", "Ana;' \uff1d1+1"),
        ("=1;@SUM(A1)", "'=1;'@SUM(A1)"),
        ("Hi; see you", "Hi; see you"),
    ],
)
def test_where_a_semicolon_begins_a_cell_it_is_neutral_too(text: str, neutral: str):
    assert cell(text) == neutral


@given(
    st.text(BEFORE, max_size=5),
    st.sampled_from(SIGNS),
    st.text(st.characters(exclude_characters=";"), max_size=5),
)
def test_whatever_stands_before_the_sign_a_formula_is_neutral(before: str, sign: str, rest: str):
    assert cell(before + sign + rest) == f"'{before}{sign}{rest}"


@given(st.text(max_size=8))
def test_no_cell_begins_with_a_sign_of_formulas_once_its_blanks_are_gone(text: str):
    plain = unicodedata.normalize("NFKC", cell(text)).strip()

    assert not plain.startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    "text",
    ["", "Inès", "a=1", "1+1", " two words", "مرحبا", "O'Neil", "👋 hello", "e-mail@x.example"],
)
def test_any_other_text_stays_as_it_is(text: str):
    assert cell(text) == text


@pytest.mark.parametrize(
    ("value", "shown"), [(-3, "-3"), (Decimal("-0.015"), "-0.015"), (None, ""), (True, "True")]
)
def test_a_number_stays_a_number(value: Any, shown: str):
    assert cell(value) == shown
