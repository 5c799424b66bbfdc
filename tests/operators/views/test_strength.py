"""How good a password is, is told while it is typed; an invitation can be copied."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import team
from webapp.operators.models import Role

GOOD = "a quiet harbour in november"


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("", ""),
        ("short", "at least 10 characters"),
        ("password12", "tried first"),
        ("ines.laurent", "your name"),
        (GOOD, "Hard to guess."),
    ],
)
def test_what_is_typed_is_judged_as_it_will_be(client: FlaskClient, password: str, said: str):
    form = {"password": password, "name": "Inès Laurent", "email": "ines@ateliernord.example"}

    answer = client.post("/password-strength", data=form)

    assert answer.status_code == 200
    assert said in answer.text
    assert bool(answer.text) == bool(password)


def test_who_is_logged_in_need_not_tell_their_name(admin: FlaskClient, runtime: Runtime):
    me = team.every(runtime)[0]

    answer = admin.post("/password-strength", data={"password": f"{me.email}1"})

    assert "your name" in answer.text


@pytest.mark.browser
def test_the_first_run_tells_it_while_the_password_is_typed(page: Page, site: str):
    page.goto(f"{site}/setup")
    field, said = page.get_by_label("Password"), page.locator("#strength")

    field.press_sequentially("password12")
    expect(said).to_contain_text("tried first")
    field.fill(GOOD)

    expect(said).to_contain_text("Hard to guess.")


@pytest.mark.browser
def test_who_follows_a_link_chooses_a_new_password_at_once(page: Page, site: str, runtime: Runtime):
    _made, token = team.invite(runtime, email="paul@ateliernord.example", role=Role.VIEWER)

    page.goto(f"{site}/invitation/{token}")

    expect(page.get_by_label("Your name")).to_be_focused()
    expect(page.get_by_label("New password", exact=True)).to_be_visible()


@pytest.mark.browser
def test_the_link_of_an_invitation_is_copied_by_a_button(
    page_as: Callable[[Role], Page], site: str
):
    page = page_as(Role.ADMIN)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/settings/operators")
    page.get_by_label("Email").fill("paul@ateliernord.example")
    page.get_by_role("button", name="Make an invitation").click()
    link = page.locator(".ff-flash code").inner_text()
    page.set_viewport_size({"width": 375, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 375

    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link
