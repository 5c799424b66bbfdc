"""The card of one person: what it says, what can be recorded on it, and by whom."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from tests.support.factories import actions, make_subscription, make_visitor, make_workflow
from webapp.audience.consents import history, recording
from webapp.audience.models import Subscription, Visitor
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.models import Service
from webapp.workflows import control

URL = "/audience/visitors"


@pytest.fixture
def ana(runtime: Runtime) -> Visitor:
    return make_visitor(
        runtime, name="Ana Ruiz", handle="ana_ruiz", remote_id="884120937", follower_count=9_120
    )


@pytest.fixture
def tie(runtime: Runtime, service: Service, ana: Visitor) -> Subscription:
    """Ana follows and never wrote."""
    return make_subscription(runtime, service, ana, wrote_first_at=None)


AGREED = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)


def opting_in(tie: Subscription, **changes: str) -> dict[str, str]:
    """What an operator fills in to record an opt-in, in the zone of Paris."""
    values = {"proof": "A card", "purpose": "News of the studio", "day": "2026-11-02"}
    values |= {"clock": "09:30"} | changes
    return {f"s{tie.id}-{name}": text for name, text in values.items()}


def again(runtime: Runtime, row: Subscription) -> Subscription:
    """The row as the database holds it after a request."""
    runtime.session.refresh(row)
    return row


def test_the_card_says_who_the_person_is(marketer: FlaskClient, ana, tie):
    text = marketer.get(f"{URL}/{ana.id}").text

    known = ("Ana Ruiz", "@ana_ruiz on Fake", "884120937", "9,120 followers", "Visitors")
    for said in (*known, "on 23 Nov 2026"):
        assert said in text
    assert "follows @ateliernord, seen since 23 Nov 2026" in text
    assert "<dt>Verified</dt><dd>unknown</dd>" in text
    assert "No direct message: they neither wrote first nor opted in." in text


def test_the_card_says_when_the_network_told_of_the_person_last(
    runtime: Runtime, marketer: FlaskClient, ana: Visitor, tie: Subscription
):
    day = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    run = control.run_now(runtime, make_workflow(runtime).id)
    run.started_at = day

    # A run that found nothing changed wrote nothing else.
    tie.seen_run_id = run.id
    runtime.session.commit()

    assert "on 26 Nov 2026" in marketer.get(f"{URL}/{ana.id}").text


@pytest.mark.parametrize(
    ("values", "accepts", "sentence"),
    [
        ({"wrote_first_at": None}, True, "they neither wrote first nor opted in"),
        ({}, True, "May be messaged: they wrote first."),
        ({"opted_out_at": True}, True, "until they opt in again"),
        ({"quarantined_at": True, "quarantine_reason": "suspended"}, True, "Account is suspended"),
        ({}, False, "their settings accept no messages"),
        ({"opted_in_at": True, "proof": "At the fair"}, True, "“At the fair”"),
    ],
)
def test_the_card_says_why_somebody_may_or_may_not_be_messaged(
    marketer: FlaskClient, runtime, service, values, accepts, sentence
):
    who = make_visitor(runtime, accepts_messages=accepts)
    now = runtime.now()
    moments = {name: now if value is True else value for name, value in values.items()}
    make_subscription(runtime, service, who, **moments)

    assert sentence in marketer.get(f"{URL}/{who.id}").text


def test_somebody_without_a_subscription_has_a_card(marketer: FlaskClient, ana):
    text = marketer.get(f"{URL}/{ana.id}").text

    assert "Nothing ties this person to an account of yours." in text
    assert "Never asked" in text


def test_a_disconnected_account_stays_on_the_card_without_actions(
    marketer: FlaskClient, runtime, service, ana, tie
):
    service.removed_at = runtime.now()
    runtime.session.commit()

    text = marketer.get(f"{URL}/{ana.id}").text

    assert "This account is disconnected" in text
    assert "Record an opt-in" not in text


def test_nobody_by_that_number_is_said_so(marketer: FlaskClient):
    answer = marketer.get(f"{URL}/4711")

    assert answer.status_code == 404
    assert "There is no such visitor." in answer.text


def test_an_opt_in_is_recorded_with_its_proof(marketer: FlaskClient, runtime, ana, tie):
    path = f"{URL}/{ana.id}/subscriptions/{tie.id}/opt-in"

    answer = marketer.post(path, data=opting_in(tie, proof=" A card "))

    assert (answer.status_code, answer.location) == (303, f"{URL}/{ana.id}")
    said = history.agreement(runtime, again(runtime, tie))
    assert (said.proof, said.purpose, said.at) == ("A card", "News of the studio", AGREED)
    assert actions(runtime)[-1] == "subscription.opt_in"
    text = marketer.get(f"{URL}/{ana.id}").text
    assert "recorded by Marketer" in text
    assert text.count("<b>Opted in</b>") == 1


@pytest.mark.parametrize(
    ("proof", "sentence"), [("", "This is needed."), ("x" * 2001, "at most 2,000 characters")]
)
def test_an_opt_in_without_a_sound_proof_is_refused_and_kept(
    marketer: FlaskClient, runtime, ana, tie, proof, sentence
):
    path = f"{URL}/{ana.id}/subscriptions/{tie.id}/opt-in"

    answer = marketer.post(path, data=opting_in(tie, proof=proof))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert proof in answer.text
    assert again(runtime, tie).opted_in_at is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"purpose": " "}, "This is needed."),
        ({"day": "2999-01-01"}, "This is still to come."),
        ({"day": "tomorrow"}, "Write the day as"),
        ({"clock": "noon"}, "Write the time as"),
    ],
)
def test_an_opt_in_needs_a_purpose_and_a_day_that_has_been(
    marketer: FlaskClient, runtime, ana, tie, changes, sentence
):
    path = f"{URL}/{ana.id}/subscriptions/{tie.id}/opt-in"

    answer = marketer.post(path, data=opting_in(tie, **changes))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "A card" in answer.text
    assert again(runtime, tie).opted_in_at is None


def test_opting_in_and_out_weigh_the_same_on_the_card(marketer: FlaskClient, ana, tie):
    text = marketer.get(f"{URL}/{ana.id}").text

    pair = text[text.index('class="ff-pair') : text.index("</section>", text.index("ff-pair"))]
    summaries = re.findall(r"<summary class=\"([^\"]*)\">", pair)
    assert summaries == ["btn btn-sm", "btn btn-sm"]
    assert "ff-danger-text" not in pair


def test_an_opt_out_holds_at_once(marketer: FlaskClient, runtime, ana, tie):
    data = {f"o{tie.id}-note": "By phone"}
    marketer.post(f"{URL}/{ana.id}/subscriptions/{tie.id}/opt-out", data=data)

    assert again(runtime, tie).opted_out_at == runtime.now()
    text = marketer.get(f"{URL}/{ana.id}").text
    assert text.count("By phone") == 3
    assert text.count("<b>Opted out</b>") == 1


def test_a_quarantine_is_lifted_on_the_card(marketer: FlaskClient, runtime, ana, tie):
    tie.quarantined_at, tie.quarantine_reason = runtime.now(), "suspended"
    runtime.session.commit()

    marketer.post(f"{URL}/{ana.id}/subscriptions/{tie.id}/lift")

    assert again(runtime, tie).quarantined_at is None
    assert "Quarantine lifted" in marketer.get(f"{URL}/{ana.id}").text


def test_somebody_moves_to_a_new_folder(marketer: FlaskClient, runtime, ana):
    marketer.post(f"{URL}/{ana.id}/move", data={"folder": "Press"})

    runtime.session.refresh(ana)
    assert ana.folder.name == "Press"
    assert actions(runtime)[-1] == "visitor.move"
    page = marketer.get(f"{URL}/{ana.id}").text
    assert 'to the folder Press<span class="ff-muted">, recorded by' in page


def test_a_folder_without_a_name_is_refused(marketer: FlaskClient, ana):
    answer = marketer.post(f"{URL}/{ana.id}/move", data={"folder": " "})

    assert answer.status_code == 422
    assert "This is needed." in answer.text


@pytest.mark.parametrize("action", ["opt-in", "opt-out", "doubt", "lift"])
def test_an_action_reaches_only_subscriptions_of_the_person(
    marketer: FlaskClient, runtime, service, ana, tie, action
):
    other = make_subscription(runtime, service)

    answer = marketer.post(f"{URL}/{ana.id}/subscriptions/{other.id}/{action}")

    assert answer.status_code == 404
    assert again(runtime, other).opted_out_at is None


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER])
def test_who_may_only_look_records_nothing(
    client_as: Callable[[Role], FlaskClient], runtime, ana, tie, role
):
    client = client_as(role)
    before = actions(runtime)

    refused = [
        client.post(f"{URL}/{ana.id}/{path}").status_code
        for path in (
            "move",
            *(f"subscriptions/{tie.id}/{it}" for it in ("opt-in", "opt-out", "doubt", "lift")),
        )
    ]

    assert refused == [403] * 5
    assert actions(runtime) == before
    text = client.get(f"{URL}/{ana.id}").text
    for label in ("Record an opt-in", "Record an opt-out", "Move to", "New direct message"):
        assert label not in text


def test_names_of_the_list_lead_to_the_card(marketer: FlaskClient, ana, tie):
    assert f'href="{URL}/{ana.id}"' in marketer.get(URL).text
    assert f'href="{URL}/{ana.id}"' in marketer.get("/search?q=ana").text


def test_an_opt_out_recorded_by_hand_is_not_called_something_they_wrote(
    runtime: Runtime, marketer: FlaskClient, ana: Visitor, tie: Subscription
):
    recording.record_stop(runtime, tie.id, note="On the phone")
    page = f"{URL}/{ana.id}"
    runtime.session.commit()

    for path in (page, URL):
        shown = marketer.get(path).text
        assert "Opted out" in shown, path
        assert "Wrote STOP" not in shown, path
