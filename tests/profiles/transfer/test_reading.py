"""Files as programs write them: whatever encoding, separator and quoting."""

import io

import pytest

from webapp.kernel.errors import Invalid
from webapp.kernel.text import csv_reading
from webapp.profiles.transfer import reading

pytestmark = pytest.mark.one_database
TEXT = "Name;E-mail\nJosé Núñez;jose@example.org\n\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("cp1252"),
        TEXT.replace(";", ",").encode(),
        TEXT.replace(";", "\t").encode(),
        TEXT.replace("\n", "\r\n").encode(),
    ],
)
def test_the_rows_are_the_same_however_they_are_written(content: bytes):
    rows = list(reading.rows(io.BytesIO(content)))

    assert rows == [(1, ["Name", "E-mail"]), (2, ["José Núñez", "jose@example.org"])]


def test_a_cell_may_hold_separators_and_line_ends_and_the_line_is_that_of_the_file():
    content = b'Name,Note\n"Ruiz, Ana","one\ntwo"\nBo,x\n'

    assert list(reading.rows(io.BytesIO(content)))[1:] == [
        (3, ["Ruiz, Ana", "one two"]),
        (4, ["Bo", "x"]),
    ]


@pytest.mark.parametrize(
    ("cell", "said"),
    [("'=1+1", "=1+1"), ("'+34 972", "+34 972"), ("'007", "007"), ("'n Sync", "'n Sync")],
)
def test_what_guards_a_cell_from_spreadsheets_is_no_part_of_it(cell: str, said: str):
    assert csv_reading.plain(cell) == said


@pytest.mark.parametrize(
    "content", [b"a,b\n" + b"x" * 5_000 + b",y\n", b"\x00\x01PK", b"a,b\n1,2\n" + b"," * 200]
)
def test_what_is_no_such_file_is_refused_with_a_sentence(content: bytes):
    with pytest.raises(Invalid) as refused:
        list(reading.rows(io.BytesIO(content)))

    assert set(refused.value.fields) == {"file"}


@pytest.mark.parametrize("end", ["", '"bo@x.example"\n'])
def test_a_quote_that_is_never_closed_swallows_no_rows(end: str):
    content = f'Name,E-mail\nAna,"ana@x.example\nBo,bo@x.example\nCy,{end}'

    with pytest.raises(Invalid) as refused:
        list(reading.rows(io.BytesIO(content.encode())))

    assert refused.value.message == "Line 2 cannot be read as CSV."
