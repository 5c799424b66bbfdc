"""The chart of followers: drawn without a script, in the language of the page."""

import re
from datetime import date

import pytest
from flask import Flask, get_template_attribute
from flask_babel import force_locale

from webapp.audience.growth import Day


def day(number: int, gained: int, lost: int) -> Day:
    return Day(date=date(2026, 11, number), gained=gained, lost=lost, found=0, followers=9)


def drawn(app: Flask, days: list[Day], language: str = "en") -> str:
    with app.test_request_context(), force_locale(language):
        chart = get_template_attribute("_macros/charts.html", "gained_and_lost")
        return str(chart(days, "Followers"))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Mon 30 Nov", "12,345")),
        ("de", ("Mo. 30 Nov.", "12.345")),
        ("fr", ("lun. 30 nov.",)),
    ],
)
def test_days_and_numbers_are_those_of_the_pages_language(
    app: Flask, language: str, words: tuple[str, ...]
):
    chart = drawn(app, [day(29, 0, 0), day(30, 12_345, 2)], language)

    assert [word for word in words if word not in chart] == []


def test_bars_stand_above_and_below_one_line_by_their_share(app: Flask):
    chart = drawn(app, [day(28, 30, 0), day(29, 0, 10), day(30, 15, 0)])

    bars = re.findall(r'y="([\d.]+)" width="7" height="([\d.]+)"', chart)
    assert bars == [("0.0", "75.0"), ("75.0", "25.0"), ("37.5", "37.5")]
    assert 'y1="75.0" y2="75.0"' in chart
    assert "<title>Sun 29 Nov: 0 gained, 10 lost</title>" in chart


def test_thirty_days_without_any_change_have_a_line_and_no_bar(app: Flask):
    chart = drawn(app, [day(number, 0, 0) for number in range(1, 31)])

    assert 'width="7"' not in chart
    assert "<line" in chart
    assert chart.count("<title>") == 30
