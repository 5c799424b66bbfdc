import pytest

from channels import Account
from tests.support.fakes import FakeNetwork, FakeOffer
from webapp.kernel.errors import Conflict
from webapp.kernel.runtime import Runtime
from webapp.services.connection import accounts, sandbox


@pytest.fixture
def offered(network: FakeNetwork) -> None:
    network.accounts = {
        name: Account(remote_id=str(number), handle=name, name=name)
        for number, name in enumerate(["ateliernord", "nordproof"])
    }
    network.offered = [
        FakeOffer(handle="ateliernord"),
        FakeOffer(handle="nordproof", label="Proofs", is_test=True),
    ]


@pytest.mark.usefixtures("offered")
def test_every_account_of_the_sandbox_is_connected(runtime: Runtime):
    made = sandbox.connect_sandbox(runtime, "fake")

    assert [(item.internal_name, item.is_test) for item in made] == [
        ("ateliernord", False),
        ("nordproof", True),
    ]


@pytest.mark.usefixtures("offered")
def test_connecting_the_sandbox_again_changes_nothing(runtime: Runtime):
    first = sandbox.connect_sandbox(runtime, "fake")

    assert sandbox.connect_sandbox(runtime, "fake") == first
    assert len(accounts.every(runtime)) == 2


@pytest.mark.usefixtures("offered")
def test_a_sandbox_that_fails_offers_nothing(runtime: Runtime):
    channel = runtime.registry.get("fake")
    channel.sandbox.services = lambda _config: 1 / 0

    assert not sandbox.available(runtime, channel)


def test_without_a_sandbox_the_operator_is_told_how_to_start_one(runtime: Runtime):
    assert not sandbox.available(runtime, runtime.registry.get("fake"))

    with pytest.raises(Conflict, match=r"No sandbox of Fake runs here"):
        sandbox.connect_sandbox(runtime, "fake")
