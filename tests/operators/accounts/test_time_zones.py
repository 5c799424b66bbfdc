"""The zone an operator lives in: taken from the browser where they arrive, offered afterwards."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.support.factories import first_token_of, make_workflow
from webapp.kernel.errors import Invalid
from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import team
from webapp.operators.models import Operator, Role
from webapp.workflows import control
from webapp.workflows.models import Workflow, WorkflowState

FIRST = {
    "name": "Inès Laurent",
    "email": "ines@ateliernord.example",
    "password": "a horn in the morning",
}
LOS_ANGELES = "America/Los_Angeles"


def zone_of(runtime: Runtime, email: str = FIRST["email"]) -> str:
    found = runtime.session.scalar(select(Operator.time_zone).where(Operator.email == email))
    runtime.session.commit()
    return str(found)


def test_the_first_administrator_lives_in_the_zone_that_was_sent(
    client: FlaskClient, runtime: Runtime
):
    client.post(
        "/setup",
        data=FIRST | {"token": first_token_of(client.application), "time_zone": LOS_ANGELES},
    )

    assert zone_of(runtime) == LOS_ANGELES


def test_who_sends_no_zone_lives_in_that_of_the_instance(client: FlaskClient, runtime: Runtime):
    assert 'value="Europe/Paris"' in client.get("/setup").text

    client.post("/setup", data=FIRST | {"token": first_token_of(client.application)})

    assert zone_of(runtime) == "Europe/Paris"


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../etc"])
def test_a_zone_that_does_not_exist_is_explained_and_kept(client: FlaskClient, zone: str):
    answer = client.post(
        "/setup", data=FIRST | {"token": first_token_of(client.application), "time_zone": zone}
    )

    assert answer.status_code == 422
    assert ("no such time zone" if zone else "This is needed.") in answer.text
    assert f'value="{zone}"' in answer.text
    # What was typed is not replaced by the browser's own.
    assert 'data-zone="offer"' in answer.text


def test_no_use_case_takes_a_zone_that_does_not_exist(runtime: Runtime):
    invited, token = team.invite(runtime, email="jonas@ateliernord.example", role=Role.MARKETER)

    with pytest.raises(Invalid, match="no such time zone"):
        team.accept(runtime, token, name="", password=FIRST["password"], time_zone="Mars/Base")
    with pytest.raises(Invalid, match="no such time zone"):
        team.create(runtime, name="", email="e@f.example", role=Role.ADMIN, time_zone="Mars/Base")
    assert invited.password_hash is None


def test_work_that_was_never_started_follows_the_first_administrators_clocks(
    runtime: Runtime,
):
    alone = replace(runtime, settings=replace(runtime.settings, time_zone="UTC"))
    names = ("untouched", "started", "tried")
    untouched, started, tried = (
        make_workflow(alone, job=name, state=WorkflowState.STOPPED) for name in names
    )
    control.start(alone, started.id)
    control.run_now(alone, tried.id)

    team.create_first(alone, **FIRST, time_zone=LOS_ANGELES)

    kept = {item.job: item.time_zone for item in alone.session.scalars(select(Workflow))}
    assert kept == {"untouched": LOS_ANGELES, "started": "UTC", "tried": "UTC"}
    assert untouched.schedule == "30 7 * * 4"


def test_a_zone_the_instance_was_told_stays(runtime: Runtime):
    make_workflow(runtime, state=WorkflowState.STOPPED)

    team.create_first(runtime, **FIRST, time_zone=LOS_ANGELES)

    assert runtime.session.scalar(select(Workflow.time_zone)) == "Europe/Paris"


@pytest.fixture
def page_in(browser: Browser, site: str):
    """A function that returns a tab of a browser in a zone."""
    opened = []

    def open_tab(zone: str) -> Page:
        context = browser.new_context(timezone_id=zone, viewport={"width": 1280, "height": 900})
        opened.append(context)
        return context.new_page()

    yield open_tab
    for context in opened:
        context.close()


@pytest.mark.browser
@pytest.mark.parametrize("zone", [LOS_ANGELES, "Asia/Kolkata"])
def test_the_browser_tells_its_zone_at_the_first_run(
    page_in: Callable[[str], Page], site: str, app: Flask, runtime: Runtime, zone: str
):
    page = page_in(zone)
    page.goto(f"{site}/setup#{first_token_of(app)}")
    own = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    expect(page.get_by_label("Time zone")).to_have_value(own)
    page.get_by_label("Your name").fill(FIRST["name"])
    page.get_by_label("Email").fill(FIRST["email"])
    page.get_by_label("Password").fill(FIRST["password"])

    page.get_by_role("button", name="Create the administrator").click()

    page.wait_for_url("**/setup/begin")
    assert zone_of(runtime) == own


@pytest.mark.browser
def test_who_is_invited_brings_a_zone_along(
    page_in: Callable[[str], Page], site: str, runtime: Runtime
):
    email = "jonas@ateliernord.example"
    _operator, token = team.invite(runtime, email=email, role=Role.MARKETER)
    page = page_in(LOS_ANGELES)
    page.goto(f"{site}/invitation/{token}")
    page.get_by_label("Password").fill(FIRST["password"])

    page.get_by_role("button", name="Begin").click()

    expect(page.get_by_role("heading", name="Good ")).to_be_visible()
    assert zone_of(runtime, email) == LOS_ANGELES


@pytest.mark.browser
def test_another_zone_of_the_browser_is_offered_on_the_profile(
    page_in: Callable[[str], Page],
    site: str,
    runtime: Runtime,
    client_as: Callable[[Role], FlaskClient],
):
    cookie = client_as(Role.MARKETER).get_cookie("fanfare")
    page = page_in(LOS_ANGELES)
    page.context.add_cookies([{"name": "fanfare", "value": cookie.value, "url": site}])
    page.goto(f"{site}/profile")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Paris")
    expect(page.get_by_text("This browser is in America/Los_Angeles.")).to_be_visible()

    page.get_by_role("button", name="Use it").click()

    # Whatever else stands in the form is not sent along unasked.
    expect(page.get_by_label("Time zone")).to_have_value(LOS_ANGELES)
    expect(page.get_by_label("Time zone")).to_be_focused()
    assert zone_of(runtime, "marketer@fanfare.example") == "Europe/Paris"
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Your settings are saved.")).to_be_visible()
    expect(page.get_by_text("This browser is in")).to_be_hidden()
    assert zone_of(runtime, "marketer@fanfare.example") == LOS_ANGELES
