"""A row is sound or says what is wrong; a yes is nothing without its evidence."""

from datetime import UTC, datetime, timedelta

import pytest

from webapp.audience.consent_files.faults import Fault, Wrong
from webapp.audience.consent_files.lines import read
from webapp.audience.consent_files.mapping import Dates, Reading
from webapp.audience.models import Answer

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
NAMES = ("username", "answer", "date", "wording", "proof", "language")
SOUND = {
    "username": "ana", "answer": "yes", "date": "2026-10-01", "wording": "News, once a month",
    "proof": "Stand 7", "language": "en",
}  # fmt: skip


def how(**more) -> Reading:
    plain = {"columns": dict(enumerate(NAMES)), "width": len(NAMES), "zone": "Europe/Paris"}
    return Reading(**plain | more)


def line(reading: Reading | None = None, **cells: str):
    told = SOUND | cells
    return read(2, [told[name] for name in NAMES], reading or how(), NOW)


@pytest.mark.parametrize(
    ("cells", "field", "fault"),
    [
        ({"date": ""}, "date", Fault.DATE),
        ({"wording": ""}, "wording", Fault.WORDING),
        ({"proof": ""}, "proof", Fault.PROOF),
        ({"username": ""}, "network_id", Fault.NOBODY),
        ({"answer": "maybe"}, "answer", Fault.ANSWER),
        ({"date": "01/02/2026"}, "date", Fault.NOT_A_DATE),
        ({"date": "2026-13-01"}, "date", Fault.NOT_A_DATE),
        ({"date": "0001-01-01"}, "date", Fault.NOT_A_DATE),
        ({"date": "2026-11-24"}, "date", Fault.TO_COME),
        ({"date": "2026-11-24", "answer": "no"}, "date", Fault.TO_COME),
        ({"language": "french!"}, "language", Fault.LANGUAGE),
        ({"username": "a" * 300}, "username", Fault.LONG),
    ],
)
def test_a_row_that_is_not_sound_says_its_column_and_why(cells, field: str, fault: Fault):
    with pytest.raises(Wrong) as caught:
        line(**cells)

    assert (caught.value.field, caught.value.fault) == (field, fault)


def test_what_counts_for_all_rows_counts_where_a_row_says_nothing():
    defaults = {"wording": "By post", "proof": "Letter", "answer": "no"}

    told = line(how(defaults=defaults), wording="", proof="", answer="yes")

    assert (told.answer, told.proof, told.wording.text) == (Answer.OPT_IN, "Letter", "By post")


def test_a_no_needs_no_evidence_and_holds_from_now_where_it_says_no_date():
    told = line(answer="Unsubscribed", date="", wording="", proof="")

    assert (told.answer, told.at, told.wording) == (Answer.OPT_OUT, NOW, None)


def test_of_a_day_alone_a_yes_counts_from_its_beginning_and_a_no_up_to_its_end():
    begins = datetime(2026, 9, 30, 22, tzinfo=UTC)

    assert line().at == begins
    assert line(answer="no").at == begins + timedelta(days=1, seconds=-1)
    assert line(answer="no", date="2026-11-23").at == NOW


@pytest.mark.parametrize(
    ("dates", "text", "day"),
    [
        (Dates.DAY_FIRST, "04.05.2026", "2026-05-04"),
        (Dates.MONTH_FIRST, "04/05/2026 00:00", "2026-04-05"),
        (Dates.DAY_FIRST, "2026-05-04T00:00:00+02:00", "2026-05-04"),
    ],
)
def test_days_are_read_as_they_are_written(dates: Dates, text: str, day: str):
    assert line(how(dates=dates), date=text).at == line(date=day).at


@pytest.mark.parametrize("number", ["1.23457E+18", "1,2E+18", "9E+17"])
def test_an_id_that_a_spreadsheet_shortened_is_nobody(number: str):
    """A no of theirs would hold for nobody, and no line would say so."""
    names = {0: "network_id", 1: "answer"}

    with pytest.raises(Wrong) as caught:
        read(2, [number, "no"], how(columns=names, width=2), NOW)

    assert (caught.value.field, caught.value.fault) == ("network_id", Fault.SHORTENED)


def test_what_counts_for_all_rows_is_no_longer_than_what_a_row_says():
    with pytest.raises(Wrong) as caught:
        line(how(defaults={"version": "x" * 300}))

    assert (caught.value.field, caught.value.fault) == ("version", Fault.LONG)
