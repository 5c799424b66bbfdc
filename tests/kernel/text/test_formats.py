from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, g

from webapp.app import runtime_of
from webapp.kernel.audit import trusted
from webapp.kernel.text import formats


@pytest.fixture
def page(app: Flask):
    with app.test_request_context("/"):
        g.runtime = runtime_of(app, trusted("test"))
        yield


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 23, 14, 51, tzinfo=UTC), "today 15:51"),
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "tomorrow 00:30"),
        (datetime(2026, 11, 22, 8, 0, tzinfo=UTC), "yesterday 09:00"),
        (datetime(2026, 11, 19, 8, 0, tzinfo=UTC), "Thu 19 Nov, 09:00"),
        (datetime(2025, 3, 12, 8, 0, tzinfo=UTC), "12 Mar 2025, 09:00"),
        (None, "never"),
    ],
)
def test_a_moment_is_written_as_a_person_says_it(page, moment, words):
    assert formats.when(moment) == words


def test_a_date_that_decides_something_carries_its_zone(page):
    moment = datetime(2026, 11, 24, 4, 42, tzinfo=UTC)

    assert formats.date_zone(moment) == "Tuesday 24 November 2026, 05:42 CET"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "0 s"),
        (59, "59 s"),
        (252, "4 min 12 s"),
        (240, "4 min"),
        (74_520, "20 h 42 min"),
        (86_400, "1 day"),
        (180_000, "2 days 2 h"),
    ],
)
def test_a_span_is_written_by_its_two_largest_units(page, seconds, words):
    assert formats.duration(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("18.6", "$18.60"),
        ("1240", "$1,240.00"),
        ("-3", "-$3.00"),
        ("0.015", "$0.02"),
        ("0.225", "$0.23"),
        ("16.705", "$16.71"),
        ("4.635", "$4.64"),
        ("8.615", "$8.62"),
        ("0", "$0.00"),
        ("0.0000", "$0.00"),
        ("0.005", "$0.005"),
        ("0.0004", "$0.0004"),
        ("-0.005", "-$0.005"),
        ("0.9999", "$1.00"),
    ],
)
def test_money_is_written_by_one_rule_with_halves_up(page, value, words):
    assert formats.money(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("0.015", "$0.015"),
        ("0.200", "$0.20"),
        ("0.0004", "$0.0004"),
        ("2", "$2.00"),
        (None, "unknown"),
    ],
)
def test_a_price_keeps_the_part_of_a_cent(page, value, words):
    assert formats.price(value) == words


def test_what_nobody_knows_is_unknown_and_never_zero(page):
    assert formats.number(None) == formats.money(None) == formats.duration(None) == "unknown"


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (timedelta(minutes=50), "10:00 to 10:50 CET"),
        (timedelta(seconds=20), "10:00 CET"),
        (timedelta(days=1), "today 10:00 to tomorrow 10:00 CET"),
    ],
)
def test_bounds_name_their_days_only_when_these_differ(page, later, words):
    first = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    assert formats.between(first, first + later) == words


JULY = datetime(2027, 7, 2, 1, 0, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "moment", "words"),
    [
        ("America/Los_Angeles", JULY, "1 Jul 2027, 18:00 PDT"),
        ("America/Los_Angeles", NOVEMBER, "tomorrow 09:00 PST"),
        ("Europe/Paris", JULY, "2 Jul 2027, 03:00 CEST"),
        ("Australia/Sydney", NOVEMBER, "Wed 25 Nov, 04:00 AEDT"),
        ("America/Sao_Paulo", JULY, "1 Jul 2027, 22:00 UTC-3"),
        ("Asia/Kathmandu", JULY, "2 Jul 2027, 06:45 UTC+5:45"),
        ("UTC", NOVEMBER, "tomorrow 17:00 UTC"),
    ],
)
def test_a_zone_is_called_as_it_is_at_the_moment_shown(
    page, monkeypatch: pytest.MonkeyPatch, zone: str, moment: datetime, words: str
):
    monkeypatch.setattr(formats, "get_timezone", lambda: zone)

    assert formats.when_zone(moment) == words
    assert formats.date_zone(moment).endswith(f" {formats.zone_at(moment)}")


def test_bounds_between_which_clocks_are_changed_name_both_zones(
    page, monkeypatch: pytest.MonkeyPatch
):
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    assert formats.between(first, first + timedelta(hours=1)) == "02:30 CEST to 02:30 CET"
