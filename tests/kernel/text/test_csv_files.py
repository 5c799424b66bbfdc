"""A file for spreadsheets: names readable, ids whole, times those of whoever reads."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from webapp.kernel.text import csv

PARIS = ZoneInfo("Europe/Paris")
LONG_ID = "1234567890123456789"


def sheet(value: object, zone: ZoneInfo = PARIS) -> str:
    return "".join(csv.lines({"one": "One"}, [{"one": value}], zone))


def test_a_byte_order_mark_stands_before_everything():
    assert sheet("Inès").encode().startswith(b"\xef\xbb\xbfOne\r\n")


@pytest.mark.parametrize("text", [LONG_ID, "0042", "3e7", "1E10", "9" * 16])
def test_what_a_spreadsheet_would_round_is_text(text: str):
    assert sheet(text).splitlines()[1] == f"'{text}"


@pytest.mark.parametrize("text", ["42", "9" * 15, "0", "anna19", "3e", "0.5"])
def test_what_it_keeps_whole_is_left_alone(text: str):
    assert sheet(text).splitlines()[1] == text


@pytest.mark.parametrize(("month", "shown"), [(1, "10:00:00"), (7, "11:00:00")])
def test_a_time_is_that_of_the_reader_in_summer_too(month: int, shown: str):
    at = datetime(2026, month, 23, 9, 0, 0, 123, tzinfo=UTC)

    assert sheet(at).splitlines()[1] == f"2026-{month:02}-23 {shown}"


def test_files_of_two_moments_and_two_lists_have_two_names(app: Flask):
    at = datetime(2026, 11, 23, 10, 0, tzinfo=PARIS)
    with app.test_request_context():
        names = [
            csv.attached(iter(""), *name, at=moment).headers["Content-Disposition"]
            for name, moment in (
                (("visitors",), at),
                (("visitors", "ateliernord", "messageable"), at),
                (("visitors",), at + timedelta(minutes=1)),
                (("delivery-7", "Été: “50 %”/../x", ""), at),
            )
        ]

    assert names[0] == 'attachment; filename="visitors-2026-11-23-1000.csv"'
    assert names[1] == 'attachment; filename="visitors-ateliernord-messageable-2026-11-23-1000.csv"'
    assert names[3] == 'attachment; filename="delivery-7-ete-50-x-2026-11-23-1000.csv"'
    assert len(set(names)) == 4
