"""What a token lacks is said at once, and stands in the way of nothing else."""

from dataclasses import replace

from channels import Operation
from tests.support.factories import service_draft
from tests.support.fakes import FakeNetwork
from webapp.kernel.runtime import Runtime
from webapp.services.connection import accounts, doctor
from webapp.services.models import ServiceState


def test_a_token_with_which_nothing_goes_out_is_told_at_once(
    runtime: Runtime, network: FakeNetwork
):
    lacks = dict.fromkeys((Operation.POST, Operation.DIRECT), "Make a new token.")
    network.account = replace(network.account, lacks=lacks)

    service = accounts.connect(runtime, "fake", service_draft("ateliernord"))

    assert (service.state, service.fault) == (ServiceState.NEEDS_FIXING, "Make a new token.")


def test_a_token_that_may_publish_connects_its_account_and_says_what_it_lacks(
    runtime: Runtime, network: FakeNetwork
):
    network.account = replace(network.account, lacks={Operation.DIRECT: "Make a new token."})

    service = accounts.connect(runtime, "fake", service_draft("ateliernord"))

    assert (service.state, service.fault) == (ServiceState.CONNECTED, "Make a new token.")
    assert doctor.why_unfit(service, Operation.POST) == ""
    assert "Make a new token." in doctor.why_unfit(service, Operation.DIRECT)
