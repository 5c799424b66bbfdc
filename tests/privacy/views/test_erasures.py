"""The pages of privacy: the card leads to a copy and to an erasure in two steps."""

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.privacy.conftest import WORDS, Known
from tests.support.factories import make_subscription
from webapp.audience.models import Visitor
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.privacy import wishes
from webapp.services.models import Service


def test_the_card_offers_a_copy_and_an_erasure(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    tie = make_subscription(runtime, service)

    page = marketer.get(f"/audience/visitors/{tie.visitor_id}").text

    assert f"/privacy/people/{tie.visitor_id}/copy" in page
    assert f"/privacy/people/{tie.visitor_id}/erasure" in page


def test_who_only_looks_is_offered_neither(
    runtime: Runtime, service: Service, client_as: Callable[[Role], FlaskClient]
):
    tie = make_subscription(runtime, service)

    page = client_as(Role.VIEWER).get(f"/audience/visitors/{tie.visitor_id}").text

    assert "/privacy/people/" not in page


def test_somebody_is_erased_in_two_steps(runtime: Runtime, known: Known, admin: FlaskClient):
    number = known.visitor.id

    shown = admin.get(f"/privacy/people/{number}/erasure").text
    asked = admin.post(f"/privacy/people/{number}/erasure", follow_redirects=True)
    place = asked.request.path
    wrong = admin.post(f"{place}/erase", data={"name": "somebody"})
    done = admin.post(f"{place}/erase", data={"name": "@quastenfink".lstrip("@")})

    assert "2 messages sent or planned" in shown
    assert "Erase for good" in asked.text
    assert wrong.status_code == 422
    assert "so that nobody else is erased" in wrong.text
    after = admin.get(done.location).text
    assert "The person is erased." in after
    assert "2 messages sent or planned" in after
    listed = admin.get("/settings/privacy").text
    assert [word for word in WORDS if word in (after + listed).casefold()] == []
    assert admin.get(f"/audience/visitors/{number}").status_code == 404


def test_a_marketer_writes_the_wish_down_and_an_administrator_fulfils_it(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    tie = make_subscription(runtime, service)
    number, handle = tie.visitor_id, tie.visitor.handle
    runtime.session.close()

    asked = marketer.post(f"/privacy/people/{number}/erasure", follow_redirects=True)
    refused = marketer.post(f"{asked.request.path}/erase", data={"name": handle})

    assert "Erase for good" not in asked.text
    assert refused.status_code == 403
    db.session.rollback()
    assert db.session.get(Visitor, number) is not None
    db.session.rollback()


def test_the_card_says_that_somebody_wants_to_be_erased(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    tie = make_subscription(runtime, service)
    number = tie.visitor_id
    wish = wishes.ask(runtime, number).id

    page = marketer.get(f"/audience/visitors/{number}").text

    assert "They want to be erased" in page
    assert f"/privacy/wishes/{wish}" in page


def test_who_is_kept_after_all_stands_so_in_the_list(
    runtime: Runtime, service: Service, admin: FlaskClient
):
    tie = make_subscription(runtime, service)
    wish = wishes.ask(runtime, tie.visitor_id).id

    kept = admin.post(f"/privacy/wishes/{wish}/withdraw", follow_redirects=True).text

    assert "Kept after all by" in kept
    assert "kept after all" in admin.get("/settings/privacy").text
