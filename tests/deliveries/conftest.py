import pytest

from tests.factories import make_service
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime)
