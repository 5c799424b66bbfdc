"""The address of a report: what it asks for, and what is wrong with it."""

from datetime import date, timedelta

import pytest

from webapp.kernel.errors import Invalid
from webapp.kernel.runtime import Runtime
from webapp.reports import asked
from webapp.reports.asked import Beside


def test_without_a_word_it_is_the_last_four_weeks_beside_those_before(runtime: Runtime):
    found = asked.read(runtime, {})

    assert found.period.number == 28
    assert found.period.last == runtime.now().astimezone(runtime.zone).date()
    assert found.compared is not None
    assert found.compared.last == found.period.first - timedelta(days=1)
    assert found.compared.number == 28


def test_a_link_of_a_view_shows_the_same_days_whenever_and_by_whomever_it_is_opened(
    runtime: Runtime,
):
    said = {"account": "7", "days": "7", "beside": "year", "zone": "Asia/Tokyo"}
    view = asked.read(runtime, said)

    again = asked.read(runtime, view.lasting)

    assert (again.period, again.compared, again.account) == (view.period, view.compared, 7)
    assert again.preset is None
    assert again.beside is Beside.YEAR


def test_a_period_begins_and_ends_by_the_clocks_of_its_zone(runtime: Runtime):
    said = {"from": "2026-10-25", "to": "2026-10-25", "zone": "Europe/Paris"}

    found = asked.read(runtime, said).period

    assert found.ends - found.begins == timedelta(hours=25)
    assert found.first == date(2026, 10, 25)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"days": "9"}, "days"),
        ({"days": "own", "from": "soon", "to": "2026-11-01"}, "from"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "to"),
        ({"from": "2020-01-01", "to": "2026-11-01"}, "from"),
        ({"from": "2026-11-01", "to": "2199-11-01"}, "to"),
        ({"from": "0001-01-01", "to": "0001-01-02"}, "from"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"beside": "them"}, "beside"),
        ({"account": "-4"}, "account"),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field(
    runtime: Runtime, said: dict[str, str], field: str
):
    with pytest.raises(Invalid) as fault:
        asked.read(runtime, said)

    assert field in fault.value.fields
