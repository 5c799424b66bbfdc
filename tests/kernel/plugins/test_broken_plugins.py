"""A plugin may break in any way; the core goes on, leaves it out and says why."""

import sys
from importlib.metadata import EntryPoint
from types import ModuleType

import click
import pytest
from flask import Blueprint, Flask, current_app, request, session

from channels import Channel, ChannelWorkflow, StepResult, hookimpl
from tests.kernel.plugins.test_registry import DRAFT, Loft, Pigeon, PigeonPlugin
from webapp.kernel.plugins.registry import Registry
from webapp.system.web import channel_pages


class Bringing:
    """A plugin that brings what it is given."""

    def __init__(self, *offered: object) -> None:
        self.offered = offered

    @hookimpl
    def register_channels(self):
        return self.offered


class Nameless(Channel):
    connection = Loft()


class Shouting(Pigeon):
    kind = "Pigeon!"


class Unconnected(Channel):
    kind = "owl"
    label = "Owl"


class Newer(Pigeon):
    contract = 3


class Older(Pigeon):
    contract = 1


class Deaf(Pigeon):
    class audience:  # noqa: N801 - a part, in the place of one
        @staticmethod
        def read(context):
            return None


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.mark.parametrize(
    ("offered", "sentence"),
    [
        (Nameless(), "kind is None"),
        (Shouting(), "kind is 'Pigeon!'; it begins with a-z"),
        (Unconnected(), "has no connection"),
        (Newer(), "asks for contract 3, this Fanfare speaks 2"),
        (Older(), "Let publish and send take a channels.Outgoing, .* and set contract = 2"),
        (Deaf(), r"audience.read is called with \(context, cursor\), which it does not take"),
        ("pigeon", "returned a str instead of a Channel"),
    ],
)
def test_a_channel_that_breaks_the_contract_is_refused_by_a_sentence(
    registry: Registry, offered: object, sentence: str
):
    with pytest.raises(Exception, match=sentence):
        registry.add(Bringing(offered), name="wrong")

    assert list(registry) == []


def test_a_refused_plugin_leaves_room_for_the_next(registry: Registry):
    with pytest.raises(Exception, match="no connection"):
        registry.add(Bringing(Unconnected()), name="wrong")

    registry.add(PigeonPlugin(), name="pigeon")

    assert registry.has("pigeon")


def test_one_plugin_cannot_bring_a_channel_twice(registry: Registry):
    with pytest.raises(Exception, match="already"):
        registry.add(Bringing(Pigeon(), Pigeon()), name="twice")


def test_a_plugin_that_ends_the_program_while_it_loads_is_left_out(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, tmp_path
):
    (tmp_path / "quitting_plugin.py").write_text("raise SystemExit(3)")
    monkeypatch.syspath_prepend(tmp_path)
    entry = EntryPoint(name="quits", value="quitting_plugin", group="fanfare.channels")
    monkeypatch.setattr("webapp.kernel.plugins.registry.entry_points", lambda group: [entry])

    registry.load()

    assert "SystemExit" in registry.describe()[0].fault
    assert "quitting_plugin" not in sys.modules


def test_a_hook_without_its_marker_is_pointed_out(registry: Registry):
    class Forgetful(PigeonPlugin):
        def register_commands(self):
            return []

    registry.add(Forgetful(), name="forgetful")

    assert registry.describe()[0].trouble == (
        "register_commands lacks @hookimpl, so it is never called.",
    )


def test_a_rule_that_fails_half_way_through_its_findings_stops_no_analysis(registry: Registry):
    class Stumbling:
        @hookimpl
        def check_delivery(self, draft):
            yield from ()
            raise RuntimeError("half way")

    registry.add(Stumbling(), name="stumbling")
    registry.add(PigeonPlugin(), name="pigeon")

    assert {item.code for item in registry.findings(DRAFT)} == {"plugin_failed", "windy"}


def command(name: str) -> click.Command:
    return click.Command(name)


class Commanding:
    def __init__(self, *names: str) -> None:
        self.names = names

    @hookimpl
    def register_commands(self):
        return [command(name) for name in self.names]


def test_a_command_whose_name_is_taken_is_left_out_and_said_so(registry: Registry):
    registry.add(Commanding("feed", "service"), name="one")
    registry.add(Commanding("feed"), name="two")

    found = registry.commands(reserved=["service"])

    assert list(found) == ["feed"]
    assert [len(info.trouble) for info in registry.describe()] == [1, 1]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"job": "Re fresh"}, "must be a slug"),
        ({"kind": "owl"}, "not a channel of this plugin"),
    ],
)
def test_a_workflow_that_cannot_be_run_is_left_out_and_said_so(
    registry: Registry, values: dict, sentence: str
):
    class Working(PigeonPlugin):
        @hookimpl
        def register_workflows(self):
            given = {"job": "moult", "kind": "pigeon", "name": "Moult", "schedule": "0 4 * * *"}
            return [ChannelWorkflow(**given | values, step=lambda *_given: StepResult())]

    registry.add(Working(), name="working")

    assert registry.has("pigeon")
    assert registry.workflows() == ()
    assert sentence in registry.describe()[0].trouble[0]


class Paged(Pigeon):
    def __init__(self, make) -> None:
        self.pages = type("Pages", (), {"blueprint": staticmethod(make)})()


def broken(_host):
    raise RuntimeError("no paper")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (broken, "RuntimeError: no paper"),
        (lambda _host: Blueprint("pigeon", __name__), "must be named channel_pigeon, not pigeon"),
        (lambda _host: None, "must be named channel_pigeon"),
    ],
)
def test_a_channel_whose_pages_fail_is_left_out_and_the_rest_is_served(
    registry: Registry, make, sentence: str
):
    registry.add(Bringing(Paged(make)), name="paged")

    channel_pages.mount(Flask(__name__), registry)

    assert not registry.has("pigeon")
    assert sentence in registry.describe()[0].fault


def test_a_plugin_that_imports_what_a_request_brings_is_taken_in(registry: Registry):
    module = ModuleType("paged")
    module.request, module.current_app, module.session = request, current_app, session
    module.register_channels = hookimpl(lambda: [Pigeon()])

    registry.add(module, name="paged")

    assert registry.has("pigeon")
