"""A thread is written part by part, with and without scripts, by keys alone."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from tests.support.composer import address, expect_saved, fresh, open_step
from tests.support.deliveries import saying
from tests.support.factories import make_delivery
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.models import Service

pytestmark = pytest.mark.usefixtures("takes_threads")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def thread(runtime: Runtime, service: Service) -> Delivery:
    draft = make_delivery(runtime, service, kind=DeliveryKind.POST)
    return saying(runtime, draft, ["One.", "Two.", "Three."])


def typed(delivery: Delivery, *texts: str, **more: str) -> dict[str, object]:
    """What the page sends of a post."""
    keys = [str(part.row_id) for part in delivery.parts]
    known = {
        "step": "post",
        "revision": delivery.revision,
        "accounts": delivery.services[0].id,
        "begin": "soon",
        "label": delivery.label,
        "valid_number": 5,
        "valid_unit": "days",
        "late_policy": "ask",
    }
    return known | {"content": list(texts), "part": keys[: len(texts)]} | more


def texts(runtime: Runtime, delivery: Delivery) -> list[str]:
    return [part.text for part in fresh(runtime, delivery).parts]


def test_each_part_is_shown_with_what_is_left_of_it(marketer: FlaskClient, thread: Delivery):
    page = marketer.get(address(thread)).text

    assert re.findall(r'aria-label="(Part \d of \d)"', page) == [
        f"Part {n} of 3" for n in (1, 2, 3)
    ]
    assert re.findall(r"(\d+) left", page) == ["276", "276", "274"]
    assert all(text in page for text in ("Move part 2 up", "Remove part 3", "Add a part"))


def test_every_part_is_saved_as_it_is_typed(
    marketer: FlaskClient, runtime: Runtime, thread: Delivery
):
    sent = typed(thread, "One.", "Second.", "Third, and longer.")

    answer = marketer.post(address(thread), data=sent, headers=HTMX)

    assert answer.status_code == 200
    assert texts(runtime, thread) == ["One.", "Second.", "Third, and longer."]
    assert 'id="counter-3"' in answer.text
    assert "262 left" in answer.text
    shown = re.findall(r'ff-xpost-text">\s*(.*?)\s*</div>', answer.text)
    assert shown == ["One.", "Second.", "Third, and longer."]


def test_a_page_that_shows_one_text_leaves_the_other_parts(
    marketer: FlaskClient, runtime: Runtime, thread: Delivery
):
    sent = typed(thread, "First.")
    del sent["part"]

    marketer.post(address(thread), data=sent, headers=HTMX)

    assert texts(runtime, thread) == ["First.", "Two.", "Three."]


def test_what_is_typed_is_saved_before_a_part_is_removed_and_can_be_put_back(
    marketer: FlaskClient, runtime: Runtime, thread: Delivery
):
    sent = typed(thread, "One.", "Second.", "Three.", arrange="remove-1")

    answer = marketer.post(address(thread, "compose/parts"), data=sent, headers=HTMX)

    assert texts(runtime, thread) == ["One.", "Three."]
    assert "Part 2 is removed." in answer.text
    assert '<input type="hidden" name="removed" value="Second.">' in answer.text

    now = fresh(runtime, thread)
    back = typed(now, "One.", "Three.", arrange="restore-1", removed="Second.")
    marketer.post(address(thread, "compose/parts"), data=back, headers=HTMX)

    assert texts(runtime, thread) == ["One.", "Second.", "Three."]


def test_without_scripts_the_page_comes_back_at_the_part(
    marketer: FlaskClient, runtime: Runtime, thread: Delivery
):
    sent = typed(thread, "One.", "Two.", "Three.", arrange="down-0")

    answer = marketer.post(address(thread, "compose/parts"), data=sent)

    assert answer.status_code == 303
    assert answer.location.endswith("#part-2")
    assert texts(runtime, thread) == ["Two.", "One.", "Three."]


def test_somebody_elses_edit_is_not_arranged(
    marketer: FlaskClient, runtime: Runtime, thread: Delivery
):
    sent = typed(thread, "Mine.", "Two.", "Three.", revision="0", arrange="remove-2")

    answer = marketer.post(address(thread, "compose/parts"), data=sent, headers=HTMX)

    assert answer.status_code == 422
    assert "not saved" in answer.text
    assert texts(runtime, thread) == ["One.", "Two.", "Three."]


def test_a_network_without_threads_shows_one_text(
    marketer: FlaskClient, runtime: Runtime, network, service: Service
):
    network.accepts = type(network.accepts)()
    post = make_delivery(runtime, service, kind=DeliveryKind.POST)

    assert "Add a part" not in marketer.get(address(post)).text


@pytest.mark.browser
def test_a_thread_is_written_by_keys_alone(
    page_as: Callable[[Role], Page], site: str, runtime: Runtime, service: Service
):
    post = make_delivery(runtime, service, kind=DeliveryKind.POST, content="One.")
    runtime.session.commit()
    page = page_as(Role.MARKETER)
    open_step(page, site, post, "post")

    page.get_by_role("button", name="Add a part").press("Enter")
    second = page.get_by_label("Part 2 of 2")
    expect(second).to_be_focused()
    page.keyboard.type("Two.")
    page.get_by_role("button", name="Move part 2 up").press("Enter")
    expect(page.get_by_role("button", name="Move part 1 up")).to_be_focused()
    expect(page.locator("#saved")).to_have_text("Part 2 is part 1 now.")
    expect(page.get_by_label("Part 1 of 2")).to_have_value("Two.")
    page.get_by_label("Part 2 of 2").fill("One, again.")
    expect_saved(page)

    assert texts(runtime, post) == ["Two.", "One, again."]
    assert page.evaluate("window.kept")
    assert page.faults == []
