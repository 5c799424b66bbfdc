"""Plugins on the command line and in the audit."""

from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from channels import ChannelWorkflow, StepResult, hookimpl
from tests.kernel.plugins.test_registry import BrokenPlugin, PigeonPlugin
from tests.support.cli import Cli, Said
from tests.support.deliveries import begin, ready
from tests.support.factories import actions, make_service
from webapp.kernel.plugins.registry import Registry
from webapp.kernel.runtime import Runtime
from webapp.system.commands.plugins import brought
from webapp.system.setup import defaults

Plug = Callable[[str], None]

WORDS = """
import click
from channels import hookimpl

@click.command("{word}")
def command():
    click.echo("from the plugin")

@hookimpl
def register_commands():
    return [command]
"""


@pytest.fixture
def plug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plug]:
    """A function that installs a plugin from its source."""
    monkeypatch.syspath_prepend(tmp_path)

    def install(source: str) -> None:
        name = f"plugged_{abs(hash(source))}"
        (tmp_path / f"{name}.py").write_text(source)
        entry = EntryPoint(name="plugged", value=name, group="fanfare.channels")
        monkeypatch.setattr("webapp.kernel.plugins.registry.entry_points", lambda group: [entry])
        brought.cache_clear()

    yield install
    brought.cache_clear()


def test_a_sound_plugin_passes_its_check(cli: Cli):
    said = cli("plugin", "check", "x")

    assert said.code == 0
    assert "FAULT" not in said.out
    assert "blueprint: channel_x" in said.out


def test_a_plugin_nobody_installed_is_named(cli: Cli):
    said = cli("plugin", "check", "owl")

    assert said.code == 1
    assert "No plugin is called owl; see ./run plugin list." in said.err


def test_what_failed_since_the_start_is_shown_with_its_plugin(cli: Cli, registry: Registry):
    class Forgetful(PigeonPlugin):
        def register_commands(self):
            return []

    registry.add(Forgetful(), name="forgetful")

    assert "! " in cli("plugin", "check", "forgetful").out
    assert "lacks @hookimpl" in cli("plugin", "list").out


class Moulting(PigeonPlugin):
    """A plugin that brings these workflows for its pigeon."""

    def __init__(self, *workflows: dict) -> None:
        super().__init__()
        self.workflows = workflows

    @hookimpl
    def register_workflows(self):
        known = {"kind": "pigeon", "name": "Moult", "schedule": "0 5 * * *", "step": self.step}
        return [ChannelWorkflow(**{"job": "moult", **known, **item}) for item in self.workflows]

    def step(self, context, cursor):
        return StepResult()


def checked(cli: Cli, runtime: Runtime, *workflows: dict) -> Said:
    runtime.registry.add(Moulting(*workflows), name="moulting")
    defaults.ensure(runtime)
    return cli("plugin", "check", "moulting")


def test_the_check_names_the_workflows_of_a_plugin_and_when_they_run(cli: Cli, runtime: Runtime):
    needed = {"job": "feed", "name": "Feed", "needed_for": "Pigeons are fed every day."}

    said = checked(cli, runtime, {}, needed)

    assert said.code == 0
    assert "   ok  workflow moult: Moult, Every day at 05:00\n" in said.out
    assert (
        "workflow feed: Feed, Every day at 05:00, offered to be started when an account is "
        "connected\n"
    ) in said.out


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ([{"job": "Re fresh"}], "The job 'Re fresh' of a workflow must be a slug"),
        ([{"kind": "owl"}], "The workflow moult is for owl, not a channel of this plugin."),
        ([{"name": " "}], "The workflow moult has no name"),
        ([{"step": lambda _context: None}], "does not take what it is called with"),
        ([{"schedule": "* * * * *"}], "every 15 minutes at most"),
        ([{"schedule": "at noon"}], "five parts"),
        ([{"job": "synchronise"}], "one of Fanfare’s own"),
        ([{}, {}], "The workflow moult of pigeon is offered twice."),
        ([{"colour": "grey"}], "TypeError"),
    ],
)
def test_a_workflow_that_breaks_the_contract_is_a_fault_of_the_check(
    cli: Cli, runtime: Runtime, wrong: list[dict], sentence: str
):
    said = checked(cli, runtime, *wrong)

    assert said.code == 1
    lines = [line for line in said.out.splitlines() if sentence in line]
    assert len(lines) == 1, said.out
    assert lines[0].startswith("FAULT  ")


def test_a_plugin_brings_a_word(cli: Cli, plug: Plug):
    plug(WORDS.format(word="feed"))

    said = cli("feed")

    assert (said.code, said.out) == (0, "from the plugin\n")


def test_a_word_of_the_core_stays_the_core_s(cli: Cli, plug: Plug):
    plug(WORDS.format(word="make-key"))

    said = cli("make-key")

    assert said.code == 0
    assert "from the plugin" not in said.out


def test_a_word_that_a_failing_plugin_might_bring_is_unknown(cli: Cli, plug: Plug):
    plug("raise RuntimeError('no wings')")

    said = cli("feed")

    assert said.code == 2
    assert "There is no command feed." in said.err


def test_a_plugin_that_fails_to_hear_an_event_stands_in_the_audit(
    runtime: Runtime, registry: Registry
):
    registry.add(BrokenPlugin(), name="broken")

    begin(runtime, ready(runtime, make_service(runtime)))

    assert "plugin.failed" in actions(runtime)
