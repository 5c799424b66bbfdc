"""The page of visitors: its views, filters and errors, and in a real browser."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from tests.support.accessibility import look, violations
from tests.support.factories import make_service, make_subscription, make_visitor, write_elsewhere
from webapp.audience.visitors import matching
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import csv
from webapp.operators.models import Role

URL = "/audience/visitors"


@pytest.fixture
def people(runtime: Runtime):
    service = make_service(runtime, internal_name="ateliernord")
    ana = make_visitor(runtime, name="Ana Ruiz", handle="ana_ruiz", follower_count=9_120)
    bo = make_visitor(runtime, name="Bo Lind", handle="bo", follower_count=None)
    for number in range(25):
        make_visitor(runtime, name=f"Zoe {number}", handle=f"zoe{number}", follower_count=5)
    make_subscription(runtime, service, ana)
    make_subscription(runtime, service, bo, wrote_first_at=None)
    return service


def test_a_page_says_in_words_where_it_stands(marketer: FlaskClient, people):
    text = marketer.get(URL).text

    assert '20 of <span id="whole-all-0-0">27</span>, from Ana Ruiz to Zoe' in text
    assert "by followers" in text
    assert "after=" in text


def test_each_view_says_how_many_it_holds_while_nothing_else_is_asked(
    marketer: FlaskClient, people, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(matching, "MOST", 26)

    text, narrowed = marketer.get(URL).text, marketer.get(f"{URL}?q=a").text

    assert 'All <span class="ff-num" id="tab-all">26+</span>' in text
    assert 'Subscribers <span class="ff-num" id="tab-subscribers">2</span>' in text
    assert 'May be messaged <span class="ff-num" id="tab-messaged">1</span>' in text
    assert 'Quarantine <span class="ff-num" id="tab-quarantine">0</span>' in text
    assert "Subscribers</a>" in narrowed


@pytest.mark.parametrize(
    ("asked", "shown", "hidden"),
    [
        ("q=ana", "Ana Ruiz", "Bo Lind"),
        ("view=messaged", "Ana Ruiz", "Bo Lind"),
        ("where=followers.more.50", "Ana Ruiz", "Bo Lind"),
        ("view=subscribers&q=bo", "unknown", "Ana Ruiz"),
        ("view=quarantine", "Nobody matches", "Ana Ruiz"),
    ],
)
def test_the_address_says_who_is_shown(marketer: FlaskClient, people, asked, shown, hidden):
    text = marketer.get(f"{URL}?{asked}").text

    assert shown in text
    assert hidden not in text


@pytest.mark.parametrize(
    ("asked", "status", "sentence"),
    [
        ("where=followers.more.many", 422, "Write a whole number, such as 50."),
        ("field=friends&op=more&value=x&add=1", 422, "Write a whole number, such as 50."),
        ("sort=shoes", 422, "The list cannot be sorted by that."),
        ("q=%00ana", 200, "Ana Ruiz"),
        ("after=999999", 200, "Ana Ruiz"),
        ("size=7&service=x", 200, "Ana Ruiz"),
    ],
)
def test_a_wrong_address_is_explained(marketer: FlaskClient, people, asked, status, sentence):
    answer = marketer.get(f"{URL}?{asked}")

    assert answer.status_code == status
    assert sentence in answer.text


def test_a_condition_added_stands_in_the_address(marketer: FlaskClient, people):
    answer = marketer.get(f"{URL}?q=a&field=friends&op=more&value=50&add=1")

    assert answer.status_code == 303
    assert answer.location == f"{URL}?q=a&where=followers.more.50"


def test_the_file_holds_all_that_match_and_no_formula(marketer: FlaskClient, runtime, people):
    make_visitor(runtime, name="=1+1", handle="sum")

    lines = marketer.get(f"{URL}.csv").text.splitlines()

    assert len(lines) == 29
    assert any("'=1+1" in line for line in lines)


def test_the_file_speaks_as_the_page_does_and_names_what_it_holds(
    marketer: FlaskClient, runtime, people
):
    service = make_service(runtime, internal_name="ateliernord")
    found = make_visitor(runtime, name="Zoé", handle="zoe", remote_id="1234567890123456789")
    make_subscription(runtime, service, found)

    answer = marketer.get(f"{URL}.csv?service={service.id}&q=zoe")

    head, line = answer.text.splitlines()
    assert head == (
        "\ufeffUsername,Name,Followers,Verified,First seen (Europe/Paris),Account,May be messaged,"
        "Id on the network"
    )
    assert line.startswith("zoe,Zoé,")
    assert line.endswith(",ateliernord,yes: wrote first,'1234567890123456789")
    assert ",2026-11-23 10:00:00," in line
    assert "visitors-ateliernord-filtered-2026-11-23-1000.csv" in str(answer.headers)


@pytest.mark.parametrize("where", ["followers.more.many", "shoes.more.3"])
def test_a_file_of_a_condition_that_cannot_be_read_is_refused_like_its_page(
    marketer: FlaskClient, people, where: str
):
    page = marketer.get(f"{URL}?where={where}&q=ana")
    answer = marketer.get(f"{URL}.csv?where={where}&q=ana")

    assert answer.status_code == 422
    assert answer.mimetype == "text/html"
    assert where in answer.text
    assert "visitors.csv" not in page.text


def test_the_file_keeps_nobody_waiting_who_writes(
    marketer: FlaskClient, runtime, people, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(csv, "AT_ONCE", 1)
    answer = marketer.get(f"{URL}.csv")
    lines = iter(answer.response)
    assert next(lines).startswith(b"\xef\xbb\xbfUsername")
    assert next(lines)

    write_elsewhere(runtime)

    assert len(list(lines)) >= 20


@pytest.mark.browser
@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 375)])
def test_the_list_has_no_accessibility_fault(
    page_as: Callable[[Role], Page], site: str, people, theme: str, width: int
):
    page = page_as(Role.MARKETER)
    look(page, theme, width)

    page.goto(f"{site}{URL}?where=followers.more.1&field=username")

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert violations(page) == []


@pytest.mark.browser
def test_typing_changes_the_rows_and_the_address(
    page_as: Callable[[Role], Page], site: str, people
):
    page = page_as(Role.MARKETER)
    page.goto(f"{site}{URL}")
    page.evaluate("window.kept = true")

    page.get_by_label("Name or username").press_sequentially("ana")

    expect(page.locator("#visitors tbody tr")).to_have_count(1)
    assert page.evaluate("window.kept")
    expect(page).to_have_url(re.compile("q=ana"))
    for name in ("CSV", "May be messaged", "Username", "followers"):
        expect(page.locator("main a", has_text=name).first).to_have_attribute(
            "href", re.compile("q=ana")
        )
    assert page.faults == []
