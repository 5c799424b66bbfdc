"""The kit in a real browser: no accessibility fault, and scripts that do what they say."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.accessibility import violations
from tests.support.browser import reached

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 375)])
def test_the_components_have_no_accessibility_fault(kit: str, page: Page, theme: str, width: int):
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(f"{kit}/components?theme={theme}")

    assert page.faults == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert violations(page) == []


def test_a_consequence_is_named_before_it_happens(kit: str, page: Page):
    page.goto(f"{kit}/behaviour")

    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("dialog")).to_contain_text("12 messages will not go out.")
    page.get_by_role("button", name="Go back").click()
    expect(page).to_have_url(f"{kit}/behaviour")

    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Stop 12 messages").click()
    expect(page.locator("body")).to_have_text("received POST")


def test_the_keyboard_reaches_search_and_its_own_list(kit: str, page: Page):
    page.goto(f"{kit}/behaviour")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_label("Message").focus()
    page.keyboard.press("End")
    page.keyboard.type("?/")

    expect(page.get_by_label("Message")).to_have_value(
        "Hi {first_name}, see https://fanfare.example/a?/"
    )
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_hidden()


def test_the_editor_paints_and_inserts_at_the_caret(kit: str, page: Page):
    page.goto(f"{kit}/behaviour")
    expect(page.locator(".ff-mirror mark")).to_have_text("{first_name}")
    expect(page.locator(".ff-mirror u")).to_have_text("https://fanfare.example/a")

    page.get_by_label("Message").focus()
    page.keyboard.press("Control+Home")
    page.get_by_text("Field", exact=True).click()
    page.get_by_role("button", name="First name").click()

    expect(page.get_by_label("Message")).to_have_value(
        "{first_name}Hi {first_name}, see https://fanfare.example/a"
    )
    expect(page.locator(".ff-mirror mark")).to_have_count(2)


def test_an_emoji_is_found_by_its_name(kit: str, page: Page):
    page.goto(f"{kit}/behaviour")

    page.get_by_role("button", name="Insert an emoji").click()
    page.get_by_label("Find an emoji").fill("trumpet")
    page.get_by_role("button", name="trumpet", exact=True).click()

    expect(page.get_by_label("Message")).to_have_value(
        "Hi {first_name}, see https://fanfare.example/a🎺"
    )
    assert page.faults == []


def test_an_emoji_is_inserted_without_a_sign_it_does_not_need(kit: str, page: Page):
    page.goto(f"{kit}/behaviour")

    page.get_by_role("button", name="Insert an emoji").click()
    page.get_by_label("Find an emoji").fill("thumbs up")
    page.get_by_role("button", name="thumbs up", exact=True).click()

    expect(page.get_by_label("Message")).to_have_value(
        "Hi {first_name}, see https://fanfare.example/a👍"
    )


def test_a_text_that_was_not_saved_is_offered_again(kit: str, page: Page):
    page.goto(f"{kit}/behaviour")
    page.get_by_label("Message").fill("Typed before the crash")
    page.reload()

    page.get_by_role("button", name="Use it").click()

    expect(page.get_by_label("Message")).to_have_value("Typed before the crash")


def test_a_text_that_was_saved_is_forgotten_by_the_browser(kit: str, page: Page):
    page.goto(f"{kit}/behaviour")
    page.get_by_label("Message").fill("Saved text")
    with page.expect_response("**/kit/echo"):
        page.evaluate("htmx.trigger('#letter', 'saved')")

    reached(page, "localStorage.getItem('fanfare-draft--one') === null")


def test_a_refusal_is_said_and_the_page_stays(kit: str, page: Page):
    page.goto(f"{kit}/behaviour")

    page.get_by_role("button", name="Ask for what fails").click()

    expect(page.locator("#toast")).to_have_text("Somebody else changed this.")
    expect(page.get_by_role("table")).to_be_visible()
