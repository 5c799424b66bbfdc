"""The composer's pages, with and without JavaScript."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.support.composer import address, fresh
from tests.support.deliveries import sent
from tests.support.factories import make_delivery, make_service
from tests.support.fakes import FakeNetwork, direct_limit, direct_price
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery, DeliveryKind, DeliveryState
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.models import Service

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("step", ["", "target", "proof", "content", "schedule", "options"])
def test_every_step_opens_by_its_address(marketer: FlaskClient, draft: Delivery, step: str):
    answer = marketer.get(address(draft), query_string={"step": step})

    assert answer.status_code == 200
    assert answer.text.count('aria-current="step"') == 1
    assert "3 people" in answer.text


def test_a_post_stands_on_one_page(marketer: FlaskClient, runtime: Runtime, service: Service):
    post = make_delivery(runtime, service, kind=DeliveryKind.POST)

    page = marketer.get(address(post)).text

    assert "Publish as" in page
    assert "265 left" in page


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER])
def test_who_may_not_write_reads(
    client_as: Callable[[Role], FlaskClient], draft: Delivery, role: Role
):
    answer = client_as(role).get(address(draft))

    assert answer.status_code == 200
    assert "spring is here" in answer.text
    assert 'id="compose"' not in answer.text
    assert client_as_posts(client_as, role, draft) == 403


def client_as_posts(client_as: Callable[[Role], FlaskClient], role: Role, draft: Delivery) -> int:
    return (
        client_as(Role.VIEWER if role is Role.REVIEWER else Role.REVIEWER)
        .post(address(draft))
        .status_code
    )


def test_without_javascript_a_step_is_saved_and_shown_again(
    marketer: FlaskClient, runtime: Runtime, draft: Delivery
):
    typed = {"step": "content", "revision": draft.revision, "content": "Hi\r\nthere"}

    answer = marketer.post(address(draft), data=typed | {"go": "schedule"})

    assert answer.status_code == 303
    assert answer.location == address(draft, "compose?step=schedule")
    assert fresh(runtime, draft).content == "Hi\nthere"


def test_an_unasked_save_answers_with_what_changes(
    marketer: FlaskClient, runtime: Runtime, draft: Delivery
):
    before = draft.revision
    typed = {"step": "content", "revision": before, "content": "Hello {first_name|you}"}

    answer = marketer.post(address(draft), data=typed, headers=HTMX)

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "<textarea" not in answer.text
    assert "Hello Person" in answer.text
    assert f'value="{before + 1}"' in answer.text
    assert fresh(runtime, draft).revision == before + 1


def test_what_is_saved_already_voids_nothing(
    marketer: FlaskClient, runtime: Runtime, draft: Delivery
):
    typed = {"step": "content", "revision": 1, "content": draft.content}

    answer = marketer.post(address(draft), data=typed, headers=HTMX)

    assert answer.status_code == 200
    assert fresh(runtime, draft).revision == draft.revision


@pytest.mark.parametrize(("headers", "status"), [({}, 409), (HTMX, 422)])
def test_two_editors_see_both_texts(
    marketer: FlaskClient, runtime: Runtime, draft: Delivery, headers: dict, status: int
):
    revision = draft.revision
    theirs = editing.DeliveryChanges(content="Theirs.")
    editing.edit(runtime, draft.id, theirs)
    mine = {"step": "content", "revision": revision, "content": "Mine."}

    answer = marketer.post(address(draft), data=mine, headers=headers)

    assert answer.status_code == status
    assert "Theirs." in answer.text
    assert ("Mine." in answer.text) is (not headers)
    assert fresh(runtime, draft).content == "Theirs."
    over = fresh(runtime, draft).revision
    assert marketer.post(address(draft), data=mine | {"over": over}).status_code == 303
    assert fresh(runtime, draft).content == "Mine."


@pytest.mark.parametrize(
    ("step", "typed", "sentence"),
    [
        ("schedule", {"begin": "at", "day": "soon", "clock": "18:00"}, "Write the day as"),
        ("schedule", {"begin": "at", "day": "2026-11-27", "clock": "6pm"}, "Write the time as"),
        ("schedule", {"begin": "at", "day": "2027-03-28", "clock": "02:30"}, "does not exist"),
        ("schedule", {"begin": "soon", "wave_size": "0"}, "Write a number from 1"),
        ("schedule", {"begin": "soon", "wave_size": "many"}, "Write a whole number"),
        ("options", {"label": " ", "valid_number": "5"}, "needs a label"),
        ("options", {"label": "Spring", "valid_number": "soon"}, "Write a whole number"),
        ("content", {"content": "a" * 100_001}, "too long to be kept"),
    ],
)
def test_a_wrong_value_is_explained_and_kept(
    marketer: FlaskClient, draft: Delivery, step: str, typed: dict, sentence: str
):
    data = typed | {"step": step, "revision": draft.revision}

    whole, part = (marketer.post(address(draft), data=data, headers=way) for way in ({}, HTMX))

    assert (whole.status_code, part.status_code) == (422, 422)
    assert sentence in whole.text
    assert sentence in part.text
    assert all(value[:50] in whole.text for value in typed.values())


def test_a_proof_is_sent_of_what_was_typed(
    marketer: FlaskClient, runtime: Runtime, service: Service
):
    make_service(runtime, is_test=True)
    draft = make_delivery(runtime, service)
    typed = {"step": "content", "revision": draft.revision, "content": "Proven."}

    answer = marketer.post(address(draft, "proof"), data=typed, follow_redirects=True)

    assert "Proof #1 is on its way." in answer.text
    assert "every 2s" in marketer.get(address(draft, "proof"), headers=HTMX).text
    assert fresh(runtime, draft).content == "Proven."


def test_a_proof_without_an_account_names_the_step(marketer: FlaskClient, draft: Delivery):
    answer = marketer.post(address(draft, "proof"))

    assert answer.status_code == 422
    assert "Choose the account that proofs go to" in answer.text


def test_the_analysis_begins_with_what_was_typed(
    marketer: FlaskClient, runtime: Runtime, draft: Delivery
):
    typed = {"step": "content", "revision": draft.revision, "content": "Analysed."}

    assert marketer.post(address(draft, "analyse"), data=typed).status_code == 303

    found = fresh(runtime, draft)
    assert (found.content, found.state) == ("Analysed.", DeliveryState.ANALYSING)
    assert 'id="compose"' not in marketer.get(address(draft)).text


def test_a_draft_is_duplicated_kept_as_a_template_and_removed(
    marketer: FlaskClient, runtime: Runtime, draft: Delivery
):
    assert marketer.post(address(draft, "duplicate")).status_code == 303
    assert marketer.post(address(draft, "template"), data={"name": "Spring"}).status_code == 303
    again = marketer.post(address(draft, "template"), data={"name": "Spring"})
    assert (again.status_code, "already" in again.text) == (422, True)
    assert marketer.post(address(draft, "remove")).status_code == 303
    assert marketer.get(address(draft)).status_code == 404


def test_the_preview_goes_to_the_next_person(marketer: FlaskClient, draft: Delivery):
    first = marketer.get(address(draft)).text
    who = first.split('name="who" value="')[1].split('"')[0]

    after = marketer.get(address(draft, f"compose?who={who}&n=1&way=after"), headers=HTMX).text

    assert "1 of 3" in first
    assert "2 of 3" in after


def test_a_time_is_meant_in_the_zone_of_the_operator(
    marketer: FlaskClient, runtime: Runtime, draft: Delivery
):
    typed = {"step": "schedule", "begin": "at", "day": "2026-11-27", "clock": "18:00"}

    marketer.post(address(draft), data=typed | {"wave_size": "250"})

    kept = fresh(runtime, draft)
    assert kept.scheduled_at.isoformat() == "2026-11-27T17:00:00+00:00"
    assert kept.wave_size == 250


def test_the_composer_of_what_is_over_shows_no_future(
    marketer: FlaskClient, runtime: Runtime, network: FakeNetwork, service: Service
):
    network.limits, network.prices = [direct_limit(15)], [direct_price("0.015")]
    delivery = sent(runtime, service)

    text = " ".join(marketer.get(address(delivery)).text.split())

    assert delivery.state is DeliveryState.FINISHED
    assert "<dt>Cost</dt><dd><b>$0.05</b></dd>" in text
    assert "<dt>Ended</dt><dd><b>today 10:00 CET</b></dd>" in text
    assert not [word for word in ("Ends", "Limit that binds", "Goes out") if word in text]


def test_the_composer_of_what_goes_out_tells_when_the_rest_does(
    marketer: FlaskClient, runtime: Runtime, network: FakeNetwork, service: Service
):
    network.limits, network.prices = [direct_limit(2)], [direct_price("0.015")]
    delivery = sent(runtime, service)

    text = " ".join(marketer.get(address(delivery)).text.split())

    assert "<dt>Cost so far</dt><dd><b>$0.03</b></dd>" in text
    assert "<dt>Ends</dt><dd><b>today 10:15 CET</b></dd>" in text
