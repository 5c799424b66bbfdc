"""The pages of workflows."""

from datetime import timedelta

from flask.testing import FlaskClient

from tests.support.factories import make_workflow
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.workflows import control, queries, runs
from webapp.workflows.models import Run, RunState, Workflow


def under_way(runtime: Runtime, workflow: Workflow) -> Run:
    run = control.run_now(runtime, workflow.id)
    run.state, run.done, run.total = RunState.RUNNING, 61, 100
    run.started_at = runtime.now() - timedelta(seconds=61)
    runs.journal(runtime, run, notices.of("Reads the first page"))
    runtime.session.commit()
    return run


def test_the_list_says_the_schedule_in_words_and_the_next_run(runtime: Runtime, admin: FlaskClient):
    workflow = make_workflow(runtime)
    control.start(runtime, workflow.id)

    page = admin.get("/workflows").text

    assert "Every Thursday at 07:30" in page
    assert "next: Thu 26 Nov, 07:30" in page
    assert "Never" in page


def test_a_run_under_way_shows_how_far_it_is_and_how_long_it_needs(
    runtime: Runtime, admin: FlaskClient
):
    workflow = make_workflow(runtime)
    under_way(runtime, workflow)

    page = admin.get("/workflows").text

    assert "61 of 100" in page
    assert "39 s left" in page
    assert "Reads the first page" in page


def test_the_end_is_unknown_while_the_whole_is(runtime: Runtime):
    workflow = make_workflow(runtime)
    run = under_way(runtime, workflow)
    run.total = None

    assert queries.line(runtime, workflow).left is None


def test_the_result_of_the_last_run_stands_apart_from_the_state(
    runtime: Runtime, admin: FlaskClient
):
    workflow = make_workflow(runtime)
    run = under_way(runtime, workflow)
    runs.end(runtime, run, RunState.FAILED, notices.of("The network refused."))

    page = admin.get("/workflows").text

    assert "Started" in page
    assert "The network refused." in page


def test_a_paused_workflow_offers_to_go_on(runtime: Runtime, admin: FlaskClient):
    workflow = make_workflow(runtime)
    control.start(runtime, workflow.id)

    admin.post(f"/workflows/{workflow.id}/pause")
    page = admin.get(f"/workflows/{workflow.id}").text

    assert "Resume the schedule" in page
    assert "Paused" in page


def test_a_schedule_too_dense_is_explained_beside_its_field(runtime: Runtime, admin: FlaskClient):
    workflow = make_workflow(runtime)

    answer = admin.post(f"/workflows/{workflow.id}/cron", data={"schedule": "* * * * *"})

    assert answer.status_code == 422
    assert "every 15 minutes at most" in answer.text
