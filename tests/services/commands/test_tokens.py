"""Accounts are moved, led back and looked at from the command line."""

import json
from dataclasses import replace

import pytest

from tests.support.cli import Cli
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from tests.support.sessions import FakeMoving
from webapp.kernel.runtime import Runtime


@pytest.fixture
def movable(runtime: Runtime, network: FakeNetwork) -> None:
    runtime.registry.get("fake").moving = FakeMoving()
    network.account = replace(network.account, remote_id="1", handle="ateliernord")
    make_service(runtime, internal_name="ateliernord", remote_id="1")


def test_an_account_is_moved_and_led_back(cli: Cli, movable: None):
    moved = json.loads(cli("service", "move", "--all", "fake", "--json").out)
    assert [(row["state"], row["session"]) for row in moved] == [("moved", True)]

    ledger = json.loads(cli("service", "sign-ins", "fake", "--ledger", "--json").out)
    assert [row["step"] for row in ledger] == ["proof", "trade"]

    cli("service", "move-back", "ateliernord", "--json")
    (row,) = json.loads(cli("service", "sign-ins", "fake", "--json").out)
    assert (row["state"], row["session"], row["older_keys"]) == ("to_move", False, True)
