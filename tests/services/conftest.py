import pytest

from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from tests.support.limits import three_limits
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime)


@pytest.fixture
def three_windows(network: FakeNetwork) -> None:
    """Direct messages are limited by the quarter of an hour, by the day and by the app."""
    network.limits = three_limits()
