"""Plugins on the command line and in the audit."""

from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from tests.commanding import Cli
from tests.deliveries.driving import begin, ready
from tests.factories import actions, make_service
from tests.kernel.test_registry import BrokenPlugin, PigeonPlugin
from webapp.kernel.registry import Registry
from webapp.kernel.runtime import Runtime
from webapp.system.plugin_commands import brought

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
        monkeypatch.setattr("webapp.kernel.registry.entry_points", lambda group: [entry])
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
