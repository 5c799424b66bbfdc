"""The target of direct messages in the composer: everyone, conditions, people."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.support.composer import address, fresh
from tests.support.factories import actions, make_delivery
from webapp.audience.filters import url_codec
from webapp.audience.models import Visitor
from webapp.deliveries.models import Audience, Delivery, DeliveryKind
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def test_only_an_administrator_answers_for_everyone(
    marketer: FlaskClient, admin: FlaskClient, runtime: Runtime, draft: Delivery
):
    chosen = {"step": "target", "audience": "everyone"}
    page = marketer.post(address(draft), data=chosen, follow_redirects=True).text
    assert "Ask one of them: Admin." in page
    assert marketer.post(address(draft, "everyone")).status_code == 403

    assert admin.post(address(draft, "everyone")).status_code == 303

    assert fresh(runtime, draft).everyone_accepted_by == "Admin"
    marketer.post(address(draft), data=chosen | {"audience": "consented"})
    back = fresh(runtime, draft)
    assert (back.audience, back.everyone_accepted_at) == (Audience.CONSENTED, None)
    assert "delivery.accept_everyone" in actions(runtime)


def test_nobody_answers_for_people_they_did_not_see(
    marketer: FlaskClient, admin: FlaskClient, runtime: Runtime, draft: Delivery
):
    seen = {"step": "target", "audience": "everyone", "revision": fresh(runtime, draft).revision}
    admin.post(address(draft), data=seen)
    seen["revision"] = fresh(runtime, draft).revision
    wanted = {"field": "friends", "op": "more", "value": "9", "add": "1"}
    marketer.post(address(draft, "conditions"), data=wanted)

    late = admin.post(address(draft, "everyone"), data=seen)

    assert (late.status_code, fresh(runtime, draft).everyone_accepted_at) == (422, None)
    assert "Somebody changed this delivery after you opened it." in late.text
    seen["revision"] = fresh(runtime, draft).revision
    assert admin.post(address(draft, "everyone"), data=seen).status_code == 303
    assert fresh(runtime, draft).everyone_accepted_at


def test_an_edit_that_voids_the_answer_for_everyone_says_so(
    marketer: FlaskClient, admin: FlaskClient, runtime: Runtime, draft: Delivery
):
    admin.post(address(draft, "everyone"))
    typed = {"step": "content", "revision": fresh(runtime, draft).revision, "content": "Another."}

    part = marketer.post(address(draft), data=typed, headers={"HX-Request": "true"}).text

    assert "Admin accepted writing to all subscribers, but an edit voided that." in part
    target = marketer.get(address(draft, "compose?step=target")).text
    assert "What Admin accepted no longer holds." in target
    assert "takes responsibility for writing to all subscribers" not in target


def test_an_empty_target_says_so(marketer: FlaskClient, runtime: Runtime, service: Service):
    nobody = make_delivery(runtime, service)

    page = marketer.get(address(nobody)).text

    assert "Nobody would get this message." in page


def test_a_condition_narrows_the_target(marketer: FlaskClient, runtime: Runtime, draft: Delivery):
    wanted = {"field": "friends", "op": "more", "value": "100000", "add": "1"}
    assert "New condition" in marketer.get(address(draft, "conditions?field=friends")).text

    assert marketer.post(address(draft, "conditions"), data=wanted).status_code == 303
    assert len(fresh(runtime, draft).filters) == 1
    refused = marketer.post(address(draft, "conditions"), data=wanted | {"value": "few"})
    assert (refused.status_code, "whole number" in refused.text) == (422, True)
    marketer.post(address(draft, "conditions"), data={"drop": "0.0"})
    assert fresh(runtime, draft).filters == []


def test_a_condition_names_first_what_it_is_about(marketer: FlaskClient, draft: Delivery):
    wanted = {"field": "friends", "op": "more", "value": "50", "add": "1"}
    marketer.post(address(draft, "conditions"), data=wanted)

    page = marketer.get(f"{address(draft)}?step=content").text

    assert '<span class="ff-chip"><span>followers</span> <b>more than 50</b></span>' in page


def test_the_people_of_the_target_are_shown_with_their_reasons(
    marketer: FlaskClient, draft: Delivery
):
    page = marketer.get(address(draft, "people")).text

    assert page.count("Gets it") == 3
    assert "Opted out" in page


def test_the_people_of_the_target_lead_to_their_cards(
    marketer: FlaskClient, runtime: Runtime, draft: Delivery
):
    person = runtime.session.scalars(select(Visitor).order_by(Visitor.id)).first()

    page = marketer.get(address(draft, "people")).text

    assert f'href="/audience/visitors/{person.id}">{person.name}</a>' in page


@pytest.mark.parametrize("then", [{"drop": "0.0"}, {"value": "5", "add": "1"}])
def test_a_page_that_shows_older_conditions_changes_none_unseen(
    marketer: FlaskClient, runtime: Runtime, draft: Delivery, then: dict[str, str]
):
    wanted = {"field": "friends", "op": "more", "value": "1", "add": "1"}
    marketer.post(address(draft, "conditions"), data=wanted)
    seen = [url_codec.spell(item) for item in fresh(runtime, draft).filters]
    marketer.post(address(draft, "conditions"), data=wanted | {"value": "3", "where": seen})
    theirs = fresh(runtime, draft).filters
    assert len(theirs) == 2

    late = marketer.post(address(draft, "conditions"), data=wanted | {"where": seen} | then)

    assert (late.status_code, fresh(runtime, draft).filters) == (409, theirs)
    assert "Somebody else changed the conditions meanwhile" in late.text


@pytest.mark.parametrize("page", ["readers", "people", "conditions"])
def test_a_post_goes_out_to_nobody_in_particular(
    marketer: FlaskClient, runtime: Runtime, service: Service, page: str
):
    post = make_delivery(runtime, service, kind=DeliveryKind.POST)

    assert marketer.get(address(post, page)).status_code == 404
