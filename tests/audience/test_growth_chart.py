"""The chart of followers: drawn without a script, in the language of the page, and as a sheet."""

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask, get_template_attribute
from flask.testing import FlaskClient
from flask_babel import force_locale

from channels.clock import FileClock
from tests.support.factories import make_service, make_subscription
from webapp.audience import growth_chart
from webapp.audience.growth import Day, Growth
from webapp.kernel.runtime import Runtime

SERVICE = SimpleNamespace(id=7, kind="fake")


def day(number: int, gained: int, lost: int) -> Day:
    return Day(date=date(2026, 11, number), gained=gained, lost=lost, found=0, followers=9)


def drawn(app: Flask, days: list[Day], language: str = "en") -> str:
    with app.test_request_context(), force_locale(language):
        made = growth_chart.chart(Growth(now=9, gained=1, lost=2, days=days), SERVICE)
        return str(get_template_attribute("_macros/charts.html", "draw")(made))


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
    assert "<span>30</span><span>-10</span>" in chart
    assert "<title>Sun 29 Nov · Gained: 0 · Lost: 10</title>" in chart


def test_thirty_days_without_any_change_have_a_line_and_no_bar(app: Flask):
    chart = drawn(app, [day(number, 0, 0) for number in range(1, 31)])

    assert 'width="7"' not in chart
    assert "<line" in chart
    assert chart.count("<title>") == 30


def test_a_day_alone_is_no_chart():
    assert growth_chart.chart(Growth(now=9, days=[day(30, 1, 1)]), SERVICE) is None


def test_the_sheet_holds_the_figures_of_the_page(
    runtime: Runtime, clock: FileClock, admin: FlaskClient
):
    service = make_service(runtime, audience_known_at=runtime.now())
    clock.advance(timedelta(days=1))
    make_subscription(runtime, service, followed_at=runtime.now())
    clock.advance(timedelta(days=1))

    page = admin.get(f"/services/{service.id}").text
    sheet = admin.get(f"/audience/growth.csv?service={service.id}")

    assert f'href="/audience/growth.csv?service={service.id}"' in page
    assert sheet.text.removeprefix("\ufeff").splitlines() == [
        "Day,Gained,Lost,Followers",
        "2026-11-23,0,0,0",
        "2026-11-24,1,0,1",
        "2026-11-25,0,0,1",
    ]
    assert f"growth-{service.internal_name}" in sheet.headers["Content-Disposition"]


def test_the_sheet_of_all_accounts_is_the_chart_of_home(
    runtime: Runtime, clock: FileClock, admin: FlaskClient
):
    service = make_service(runtime, audience_known_at=runtime.now())
    make_subscription(runtime, service, followed_at=runtime.now())
    clock.advance(timedelta(days=1))

    assert 'href="/audience/growth.csv"' in admin.get("/").text
    assert admin.get("/audience/growth.csv").text.count("\n") == 3


def test_a_sheet_of_nothing_or_of_no_account_is_refused_with_a_sentence(
    runtime: Runtime, admin: FlaskClient
):
    answers = [admin.get("/audience/growth.csv"), admin.get("/audience/growth.csv?service=99")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "There is no day to tell of yet." in answers[0].text
