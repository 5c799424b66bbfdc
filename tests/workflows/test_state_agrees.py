"""The pill of a workflow and the row of its run say the same, also when looked at again."""

import re

from flask.testing import FlaskClient

from tests.support.factories import make_service, make_workflow
from tests.support.fakes import FakeNetwork, person
from webapp.audience.sync import task
from webapp.kernel.runtime import Runtime
from webapp.workflows import control, queries, runs
from webapp.workflows.models import Run, RunState

HX = {"HX-Request": "true"}


def looked_at(client: FlaskClient, page: str) -> str:
    """What the browser gets that shows `page` when it looks again."""
    again = re.search(r'id="run" hx-get="([^"]+)"', page)[1].replace("&amp;", "&")
    return client.get(again, headers=HX).text


def test_a_look_at_a_run_brings_its_row_and_the_state_of_the_workflow(
    runtime: Runtime, network: FakeNetwork, admin: FlaskClient
):
    make_service(runtime)
    network.people = [person(1)]
    job = make_workflow(runtime)
    run_id = control.run_now(runtime, job.id).id
    page, listed = admin.get(f"/workflows/{job.id}").text, admin.get("/workflows").text
    assert control.due(runtime) == [run_id]
    runs.go_on(runtime, run_id, task.step)
    assert runtime.session.get(Run, run_id).state is RunState.DONE
    runtime.session.commit()

    part, beside = looked_at(admin, page), looked_at(admin, listed)

    for shown in (part, beside):
        row = shown.partition('id="runs" hx-swap-oob="morph"')[2].partition("</section>")[0]
        assert "Done" in row
    state = part.partition('id="workflow-state"')[2].partition("</span></span>")[0]
    assert "Started" in state
    assert "workflow-state" not in beside


def test_a_run_that_goes_on_is_not_at_its_end(runtime: Runtime):
    job = make_workflow(runtime)
    run = control.run_now(runtime, job.id)
    run.done = run.total = 5_040

    assert queries.line(runtime, job).percent == 99
