import pytest

from tests.factories import make_service
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime)


@pytest.fixture
def proof_account(runtime: Runtime) -> Service:
    """The private test account that proofs go to."""
    return make_service(runtime, internal_name="atelier_proof", remote_id="2", is_test=True)
