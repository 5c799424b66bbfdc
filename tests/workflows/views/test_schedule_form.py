"""The form of a schedule: days and a time by the operator's clocks, cron under *more*."""

import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from tests.support.factories import make_workflow
from webapp.kernel.audit import AuditEntry
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Operator
from webapp.system.audit import wording
from webapp.workflows import control
from webapp.workflows.models import Workflow

LOS_ANGELES = "America/Los_Angeles"


def live_in(runtime: Runtime, zone: str) -> None:
    runtime.session.execute(update(Operator).values(time_zone=zone))
    runtime.session.commit()


def stored(runtime: Runtime, workflow: Workflow) -> Workflow:
    return runtime.session.get_one(Workflow, workflow.id, populate_existing=True)


def ticked(page: str) -> list[int]:
    """Return the days of the form that are ticked, as cron numbers them."""
    boxes = re.findall(r"<input[^>]*name=\"days\"[^>]*>", page)
    return [int(re.search(r'value="(\d)"', box)[1]) for box in boxes if "checked" in box]


def test_the_form_shows_days_and_time_by_the_operators_clocks(admin: FlaskClient, runtime: Runtime):
    workflow = make_workflow(runtime)

    page = admin.get(f"/workflows/{workflow.id}").text

    assert ticked(page) == [4]
    assert 'name="clock" type="time" value="07:30"' in page
    assert "In your time zone, Europe/Paris." in page
    # A week begins on Monday.
    assert re.findall(r"<span>(\w{3})</span>", page)[0] == "Mon"


def test_somebody_elsewhere_sees_the_same_moments_by_their_own_clocks(
    admin: FlaskClient, runtime: Runtime
):
    workflow = make_workflow(runtime)
    control.start(runtime, workflow.id)
    live_in(runtime, LOS_ANGELES)

    page = admin.get(f"/workflows/{workflow.id}").text

    # Thursday 07:30 in Paris is the evening before in Los Angeles.
    assert ticked(page) == [3]
    assert 'name="clock" type="time" value="22:30"' in page
    assert "Every Thursday at 07:30, Europe/Paris" in page
    assert "next: Wed 25 Nov, 22:30 PST" in page
    assert "Times in America/Los_Angeles." in admin.get("/workflows").text


def test_days_and_a_time_are_kept_with_the_operators_zone(admin: FlaskClient, runtime: Runtime):
    workflow = make_workflow(runtime, schedule="0 3 * * *", time_zone="UTC")
    control.start(runtime, workflow.id)
    live_in(runtime, LOS_ANGELES)

    answer = admin.post(
        f"/workflows/{workflow.id}/schedule", data={"days": ["1", "5"], "clock": "09:00"}
    )

    assert answer.status_code == 303
    workflow = stored(runtime, workflow)
    assert (workflow.schedule, workflow.time_zone) == ("0 9 * * 1,5", LOS_ANGELES)
    assert workflow.next_run_at == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert "Every Monday and Friday at 09:00" in admin.get(f"/workflows/{workflow.id}").text


def test_what_was_shown_and_sent_unchanged_runs_at_the_same_moments(
    admin: FlaskClient, runtime: Runtime
):
    workflow = make_workflow(runtime)
    control.start(runtime, workflow.id)
    before = workflow.next_run_at
    live_in(runtime, LOS_ANGELES)
    page = admin.get(f"/workflows/{workflow.id}").text

    admin.post(f"/workflows/{workflow.id}/schedule", data={"days": ticked(page), "clock": "22:30"})

    workflow = stored(runtime, workflow)
    assert (workflow.next_run_at, workflow.time_zone) == (before, LOS_ANGELES)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"clock": "09:00"}, "Choose at least one day."),
        ({"days": ["1"], "clock": ""}, "Write the time as 18:00."),
        ({"days": ["1"], "clock": "9 am"}, "Write the time as 18:00."),
        ({"days": ["9"], "clock": "09:00"}, "Choose at least one day."),
    ],
)
def test_what_lacks_a_day_or_a_time_is_explained_and_kept(
    admin: FlaskClient, runtime: Runtime, typed: dict, sentence: str
):
    workflow = make_workflow(runtime)

    answer = admin.post(f"/workflows/{workflow.id}/schedule", data=typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{typed["clock"]}"' in answer.text
    workflow = stored(runtime, workflow)
    assert workflow.schedule == "30 7 * * 4"


def test_what_days_and_a_time_cannot_say_is_changed_by_cron(admin: FlaskClient, runtime: Runtime):
    workflow = make_workflow(runtime, schedule="*/30 * * * *")
    page = admin.get(f"/workflows/{workflow.id}").text
    assert ticked(page) == []
    assert "Now: Every 30 minutes. Days and a time take its place." in page
    assert 'value="*/30 * * * *"' in page

    admin.post(f"/workflows/{workflow.id}/cron", data={"schedule": "0,45 * * * *"})

    workflow = stored(runtime, workflow)
    assert workflow.schedule == "0,45 * * * *"


@pytest.mark.parametrize(
    ("schedule", "sentence"),
    [
        ("*/90 * * * *", "does not run every 90 minutes"),
        ("R R * * *", "stands for a time at random"),
        ("", "This is needed."),
    ],
)
def test_a_wrong_expression_is_explained_beside_it_and_stays_open(
    admin: FlaskClient, runtime: Runtime, schedule: str, sentence: str
):
    workflow = make_workflow(runtime)

    answer = admin.post(f"/workflows/{workflow.id}/cron", data={"schedule": schedule})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert '<details class="ff-more ff-space" open>' in answer.text
    assert f'value="{schedule}"' in answer.text
    # The other form shows what is stored, and no fault of its own.
    assert ticked(answer.text) == [4]
    assert "Choose at least one day" not in answer.text


def test_the_audit_tells_both_schedules_in_words(admin: FlaskClient, runtime: Runtime):
    workflow = make_workflow(runtime, time_zone="UTC")

    admin.post(f"/workflows/{workflow.id}/schedule", data={"days": ["1"], "clock": "09:00"})

    entry = runtime.session.scalar(select(AuditEntry).order_by(AuditEntry.id.desc()))
    assert wording.detail(entry) == (
        "after: Every Monday at 09:00, Europe/Paris · before: Every Thursday at 07:30, UTC"
    )


def test_a_zone_that_vanished_leaves_what_is_stored_in_the_form(
    admin: FlaskClient, runtime: Runtime
):
    workflow: Workflow = make_workflow(runtime, time_zone="Mars/Base")

    page = admin.get(f"/workflows/{workflow.id}").text

    assert ticked(page) == [4]
    assert "Every Thursday at 07:30, Mars/Base" in page
