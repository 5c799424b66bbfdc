"""Trying without keys: one click connects the sandbox and brings its followers."""

from flask.testing import FlaskClient

from tests.support.factories import make_workflow
from tests.support.fakes import FakeNetwork, FakeOffer, person
from webapp.audience.models import Visitor
from webapp.audience.sync import task
from webapp.kernel.runtime import Runtime
from webapp.workflows import runs
from webapp.workflows.models import Run, WorkflowState


def test_one_click_connects_the_sandbox_and_asks_for_its_followers(
    runtime: Runtime, network: FakeNetwork, admin: FlaskClient
):
    make_workflow(runtime, state=WorkflowState.STOPPED)
    network.offered = [FakeOffer(handle="ateliernord")]
    network.people = [person(1), person(2)]

    answer = admin.post("/try/fake", follow_redirects=True)
    runs.go_on(runtime, runtime.session.query(Run).one().id, task.step)

    assert "Its followers arrive while you look around." in answer.text
    assert runtime.session.query(Visitor).count() == 2
