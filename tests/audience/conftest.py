import pytest

from tests.support import fakes
from tests.support.factories import make_service, make_workflow
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service
from webapp.workflows.models import Workflow, WorkflowState


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime, internal_name="ateliernord")


@pytest.fixture
def workflow(runtime: Runtime) -> Workflow:
    return make_workflow(runtime, state=WorkflowState.STOPPED)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fakes, "PAGE", 3)
