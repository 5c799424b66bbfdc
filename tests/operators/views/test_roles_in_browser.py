"""Changing a role in a real browser: it is asked for first, and a refusal stands beside it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from tests.support.browser import reached
from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import team
from webapp.operators.models import Operator, Role


def role_of(runtime: Runtime, email: str) -> Role:
    runtime.session.expire_all()
    role = runtime.session.query(Operator).filter_by(email=email).one().role
    runtime.session.commit()  # What only reads would hold up the application.
    return role


def own(runtime: Runtime) -> Operator:
    return runtime.session.query(Operator).filter_by(email="admin@fanfare.example").one()


@pytest.mark.parametrize(("what", "sent"), [("role", {"role": "viewer"}), ("active", {})])
def test_the_last_administrator_reads_beside_their_name_why_not(
    admin: FlaskClient, runtime: Runtime, what: str, sent: dict[str, str]
):
    number = own(runtime).id

    answer = admin.post(f"/settings/operators/{number}/{what}", data=sent)

    assert answer.status_code == 422
    assert f'id="role-{number}-err"' in answer.text
    assert "The last administrator must stay one." in answer.text
    assert "Somebody was faster" not in answer.text
    assert role_of(runtime, "admin@fanfare.example") is Role.ADMIN


def test_who_gives_up_the_own_role_lands_on_a_page_that_is_still_theirs(
    admin: FlaskClient, runtime: Runtime
):
    other = team.create(runtime, name="Jonas", email="jonas@fanfare.example", role=Role.ADMIN)
    team.set_password(runtime, other.id, "another horn at night")

    answer = admin.post(
        f"/settings/operators/{own(runtime).id}/role",
        data={"role": "viewer"},
        follow_redirects=True,
    )

    assert answer.status_code == 200
    assert answer.request.path == "/"
    assert role_of(runtime, "admin@fanfare.example") is Role.VIEWER


@pytest.mark.browser
def test_a_role_is_changed_only_after_it_was_confirmed(
    page_as: Callable[[Role], Page], site: str, runtime: Runtime
):
    email = "jonas@fanfare.example"
    team.create(runtime, name="Jonas", email=email, role=Role.MARKETER)
    page = page_as(Role.ADMIN)
    page.goto(f"{site}/settings/operators")
    reached(page, "window.htmx !== undefined && document.readyState === 'complete'")
    choice = page.get_by_label("Role of Jonas", exact=True)

    choice.select_option("viewer")
    expect(page.get_by_role("dialog")).to_contain_text("Change the role of")
    page.get_by_role("button", name="Go back").click()

    expect(choice).to_have_value("marketer")
    assert role_of(runtime, email) is Role.MARKETER

    choice.select_option("viewer")
    page.get_by_role("button", name="Change the role").click()

    expect(page.get_by_text("has another role now")).to_be_visible()
    assert role_of(runtime, email) is Role.VIEWER
    assert page.faults == []


@pytest.mark.browser
def test_a_refused_form_begins_at_its_first_wrong_field(
    page_as: Callable[[Role], Page], site: str, runtime: Runtime
):
    page = page_as(Role.ADMIN)
    page.set_viewport_size({"width": 375, "height": 500})
    page.goto(f"{site}/profile")
    page.locator("[name=old]").fill("wrong")
    page.locator("[name=password]").fill("another horn at night")

    page.get_by_role("button", name="Change the password").click()

    wrong = page.locator("[aria-invalid=true]").first
    expect(wrong).to_be_focused()
    expect(wrong).to_be_in_viewport()
