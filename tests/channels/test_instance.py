"""A channel is in Fanfare as long as a test lends it, and gone after."""

import json
import os

import pytest

from channels import Channel
from channels.testing import Instance, registered
from tests.example_channel.fanfare_notice import Notice
from webapp.kernel.plugins.registry import Registry


def kinds() -> set[str]:
    registry = Registry()
    registry.load()
    return {channel.kind for channel in registry}


def listed(instance: Instance) -> dict:
    said = instance.run("plugin", "list", "--json")
    return {row["name"]: row for row in json.loads(said.out)}


def test_a_channel_is_registered_for_the_time_of_a_test():
    with registered(Notice()):
        assert kinds() == {"x", "notice"}

    assert kinds() == {"x"}


def test_a_channel_is_taken_out_after_a_test_that_fails():
    with pytest.raises(ZeroDivisionError), registered(Notice()):
        raise ZeroDivisionError

    assert kinds() == {"x"}


def test_the_instance_keeps_its_accounts_in_a_folder_that_goes_away():
    with registered(Notice()) as instance:
        assert instance.run("db", "create").code == 0
        assert instance.run("service", "list", "--json").out == "[]\n"
        held = list(instance.folder.iterdir())

    assert held
    assert not instance.folder.exists()


def test_the_settings_of_the_surroundings_do_not_reach_the_instance(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("FANFARE_PLUGINS_DISABLED", "notice")
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@nowhere.example/none")

    with registered(Notice()) as instance:
        assert listed(instance)["notice"]["state"] == "active"
        assert instance.run("db", "create").code == 0

    assert os.environ["FANFARE_PLUGINS_DISABLED"] == "notice"


def test_a_lent_channel_stands_in_for_the_installed_one_of_its_name():
    class Other(Notice):
        kind, label = "x", "Another X"

    with registered(Other()):
        registry = Registry()
        registry.load()
        label = registry.get("x").label

    assert label == "Another X"


def test_a_channel_that_breaks_the_contract_is_told_with_its_fault():
    class Speechless(Channel):
        kind, contract = "speechless", 2
        connection = Notice.connection

    with registered(Speechless()) as instance:
        said = instance.run("plugin", "check", "speechless")

    assert said.code == 1
    assert "Speechless has no label" in said.out


def test_a_refused_command_says_why_and_its_code():
    with registered(Notice()) as instance:
        said = instance.run("plugin", "check", "notise")

    assert (said.code, said.out) == (1, "")
    assert "No plugin is called notise" in said.err
