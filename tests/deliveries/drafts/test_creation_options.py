"""Straight into the editor: a draft with what would be proposed, and no heap of empty ones."""

from flask.testing import FlaskClient

from tests.support.factories import make_service
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service, ServiceState


def test_one_click_opens_the_editor_on_a_draft_with_the_defaults(
    marketer: FlaskClient, runtime: Runtime, service: Service
):
    make_service(runtime, internal_name="a_shop", state=ServiceState.NEEDS_FIXING)

    answer = marketer.post("/deliveries/new/straight?kind=post")

    made = runtime.session.query(Delivery).one()
    assert answer.location == f"/deliveries/{made.id}/compose"
    assert (made.kind, made.label) == (DeliveryKind.POST, "Post, 23 Nov")
    assert [item.id for item in made.services] == [service.id]


def test_a_draft_in_which_nothing_was_done_is_opened_again(
    marketer: FlaskClient, runtime: Runtime, service: Service
):
    first = marketer.post("/deliveries/new/straight?kind=direct").location
    again = marketer.post("/deliveries/new/straight?kind=direct").location
    made = runtime.session.query(Delivery).one()
    editing.edit(runtime, made.id, editing.DeliveryChanges(content="Hi. {opt_out_line}"))
    after = marketer.post("/deliveries/new/straight?kind=direct").location

    assert first == again != after


def test_where_a_kind_is_open_it_is_asked_for_first(
    marketer: FlaskClient, runtime: Runtime, service: Service
):
    page = marketer.post("/deliveries/new/straight").text

    assert "Direct message on Fake" in page
    assert runtime.session.query(Delivery).count() == 0


def test_without_an_account_nothing_is_made(marketer: FlaskClient, runtime: Runtime):
    page = marketer.post("/deliveries/new/straight?kind=post").text

    assert "No account is connected yet" in page
    assert runtime.session.query(Delivery).count() == 0


def test_the_menu_and_the_choice_both_lead_straight_in(marketer: FlaskClient, service: Service):
    page = marketer.get("/deliveries/new").text

    menu, choice = page.split("<main", 1)
    for part in (menu, choice):
        assert "/deliveries/new/straight?kind=post" in part
