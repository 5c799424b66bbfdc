"""The composer in a real browser: what is typed is saved, shown at once, and never lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.accessibility import look, violations_by_turns
from tests.support.browser import reached
from tests.support.composer import address, expect_saved, fresh, hold, open_step, saved, text_of
from tests.support.factories import make_delivery, make_subscription, make_visitor
from tests.support.fakes import FakeNetwork, direct_limit, direct_price
from webapp.deliveries import proofs
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Audience, Delivery, DeliveryKind
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.models import Service

pytestmark = pytest.mark.browser

# A text is sent a moment after the last key; a save that failed is tried again after four seconds.
PATIENT = 30_000
SAVES = "**/compose"


@pytest.fixture
def page(page_as: Callable[[Role], Page]) -> Page:
    """The tab of a marketer."""
    return page_as(Role.MARKETER)


def rewrite(runtime: Runtime, delivery: Delivery, text: str) -> None:
    """Let somebody else save another text."""
    editing.edit(runtime, delivery.id, editing.DeliveryChanges(content=text))


def to_everyone(runtime: Runtime, service: Service) -> Delivery:
    """A draft to all subscribers for whom a condition holds."""
    leaf = {"field": "friends", "op": "more", "value": "1"}
    bold = {"audience": Audience.EVERYONE, "filters": [leaf]}
    return make_delivery(runtime, service, **bold)


# Each theme and each width once; axe looks at each page in one of them.
@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 375)])
def test_no_page_of_the_composer_has_a_fault(
    page: Page,
    site: str,
    runtime: Runtime,
    network: FakeNetwork,
    service: Service,
    proof_account: Service,
    draft: Delivery,
    theme: str,
    width: int,
):
    network.limits, network.prices = [direct_limit(4)], [direct_price("0.015")]
    post = make_delivery(runtime, service, kind=DeliveryKind.POST)
    empty = make_delivery(runtime, content="")
    proofs.send_proof(runtime, draft.id)
    rewrite(runtime, draft, "Hi {first_name|there}, see https://fanfare.example/spring soon.")
    everyone = to_everyone(runtime, service)
    look(page, theme, width)
    wrong = []

    paths = (
        *(address(draft, f"compose?step={step}") for step in editing_steps()),
        address(draft, "people"),
        address(draft, "template"),
        address(everyone, "compose?step=target"),
        address(everyone, "compose?step=options"),
        address(empty),
        address(post),
        "/deliveries/new",
        "/deliveries/new?kind=direct",
        "/deliveries/new?kind=post",
    )
    for number, path in enumerate(paths):
        page.goto(f"{site}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        assert page.faults == [], path
        wrong += [f"{path} {fault}" for fault in violations_by_turns(page, number, theme)]

        page.faults.clear()

    assert wrong == []


def editing_steps() -> tuple[str, ...]:
    return ("target", "proof", "content", "schedule", "options")


def test_typing_updates_everything_beside_the_text(
    page: Page, site: str, runtime: Runtime, draft: Delivery
):
    open_step(page, site, draft)

    text_of(page).fill("Hello {first_name|you}, see https://fanfare.example/new")

    expect_saved(page)
    expect(page.locator(".ff-bubble")).to_contain_text("Hello Person")
    expect(page.locator("#counter")).to_contain_text("45 of 1,000")
    expect(page.locator("#links")).to_contain_text("https://fanfare.example/new")
    expect(page.locator("#side")).to_contain_text("{opt_out_line}")
    assert fresh(runtime, draft).content.startswith("Hello")
    assert page.evaluate("window.kept")
    assert page.faults == []


def test_typing_while_a_save_is_under_way_is_no_conflict(
    page: Page, site: str, runtime: Runtime, draft: Delivery
):
    held: list[Route] = []
    open_step(page, site, draft)
    page.route(SAVES, hold(held), times=1)

    with page.expect_request(SAVES):
        text_of(page).fill("One")
    text_of(page).press_sequentially(" two")
    page.wait_for_timeout(900)
    held[0].continue_()

    expect(page.locator(".ff-bubble")).to_have_text("One two")
    expect_saved(page)
    expect(page.locator("#conflict")).to_be_empty()
    expect(text_of(page)).to_have_value("One two")
    assert fresh(runtime, draft).content == "One two"


def test_a_field_is_inserted_at_the_caret(page: Page, site: str, draft: Delivery):
    open_step(page, site, draft)
    text_of(page).fill("Hi , spring.")
    text_of(page).evaluate("area => area.setSelectionRange(3, 3)")

    page.locator("summary", has_text="Field").click()
    page.get_by_role("button", name="First name", exact=True).click()

    expect(text_of(page)).to_have_value("Hi {first_name|there}, spring.")
    expect(text_of(page)).to_be_focused()
    expect(page.locator(".ff-mirror mark")).to_have_text("{first_name|there}")
    expect(page.locator(".ff-bubble")).to_contain_text("Hi Person, spring.")
    assert page.faults == []


def test_the_preview_goes_from_person_to_person(
    page: Page, site: str, runtime: Runtime, service: Service, draft: Delivery
):
    make_subscription(runtime, service, make_visitor(runtime, name="Zoe Zander", handle="zoe"))
    open_step(page, site, draft)
    text_of(page).fill("Hi {name}, spring is here.")
    expect_saved(page)
    head = page.locator(".ff-preview-nav")
    expect(head).to_contain_text("1 of 4")
    first = head.inner_text()

    page.get_by_role("link", name="Next").click()
    expect(head).to_contain_text("2 of 4")
    text_of(page).press_sequentially(" Now.")
    expect(page.locator(".ff-bubble")).to_contain_text("Now.")
    expect(head).to_contain_text("2 of 4")
    page.get_by_role("link", name="Previous").click()

    expect(head).to_have_text(first)
    assert page.evaluate("window.kept")
    assert page.faults == []


def test_leaving_to_another_step_takes_what_was_typed_along(
    page: Page, site: str, runtime: Runtime, draft: Delivery
):
    open_step(page, site, draft)

    text_of(page).fill("Typed a moment ago.")
    page.get_by_role("link", name="Edit Schedule").click()

    expect(page.locator("#step-schedule")).to_have_attribute("aria-current", "step")
    expect(page.locator("#sum-content")).to_contain_text("Typed a moment ago.")
    assert fresh(runtime, draft).content == "Typed a moment ago."


def test_leaving_while_a_save_is_under_way_waits_for_it(
    page: Page, site: str, runtime: Runtime, draft: Delivery
):
    held: list[Route] = []
    open_step(page, site, draft)
    page.route(SAVES, hold(held), times=1)
    with page.expect_request(SAVES):
        text_of(page).fill("Under way.")

    page.get_by_role("link", name="Edit Options").click()
    held[0].continue_()

    expect(page.locator("#step-options")).to_have_attribute("aria-current", "step")
    expect(page.locator("#conflict")).to_be_empty()
    assert fresh(runtime, draft).content == "Under way."


def test_an_edit_of_somebody_else_shows_both_texts(
    page: Page, site: str, runtime: Runtime, draft: Delivery
):
    open_step(page, site, draft)
    rewrite(runtime, draft, "Theirs.")

    text_of(page).fill("Mine.")
    expect(page.locator("#conflict")).to_contain_text("test changed this delivery meanwhile")
    expect(page.locator("#conflict .ff-theirs")).to_have_text("Theirs.")
    expect(text_of(page)).to_have_value("Mine.")
    page.get_by_role("link", name="Edit Options").click()
    expect(page.locator("#conflict .ff-theirs")).to_have_text("Theirs.")
    expect(text_of(page)).to_have_value("Mine.")
    page.get_by_role("button", name="Save mine over it").click()

    expect(page.locator("#conflict")).to_be_empty()
    assert fresh(runtime, draft).content == "Mine."


def test_a_server_that_is_down_loses_no_text(
    page: Page, site: str, runtime: Runtime, draft: Delivery
):
    open_step(page, site, draft)
    page.context.set_offline(True)

    text_of(page).fill("Typed on the train.")
    expect(saved(page)).to_contain_text("Not saved: Fanfare does not answer.")
    page.get_by_role("link", name="Edit Options").click()
    page.get_by_role("button", name="Analyse").click()
    expect(saved(page)).to_contain_text("Not saved")
    expect(text_of(page)).to_have_value("Typed on the train.")
    page.context.set_offline(False)

    expect(page.locator(".ff-bubble")).to_have_text("Typed on the train.", timeout=PATIENT)
    expect(saved(page)).to_contain_text("Saved")
    assert page.evaluate("window.kept")
    assert fresh(runtime, draft).content == "Typed on the train."


def test_a_server_with_a_fault_is_asked_again(
    page: Page, site: str, runtime: Runtime, draft: Delivery
):
    open_step(page, site, draft)
    page.route(SAVES, lambda route: route.fulfill(status=503))

    text_of(page).fill("Once more.")
    expect(saved(page)).to_contain_text("Not saved")
    page.unroute(SAVES)

    expect(page.locator(".ff-bubble")).to_have_text("Once more.", timeout=PATIENT)
    assert fresh(runtime, draft).content == "Once more."


def test_a_number_that_cannot_be_is_refused_in_words(page: Page, site: str, draft: Delivery):
    page.goto(f"{site}{address(draft, 'compose?step=schedule')}")
    reached(page, "window.htmx !== undefined && document.readyState === 'complete'")

    page.locator("[name=wave_size]").fill("-5")

    expect(page.get_by_text("Write a number from 1, or nothing for no waves.")).to_be_visible()
    expect(page.locator("#saved")).to_contain_text("see what is marked")
