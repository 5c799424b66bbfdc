from importlib.metadata import EntryPoint, entry_points

import pytest

from channels import (
    Channel,
    Content,
    DeliveryDraft,
    DeliveryEvent,
    Finding,
    Level,
    Part,
    SettingsForm,
    hookimpl,
)
from webapp.kernel.errors import NotFound
from webapp.kernel.plugins.admission import Refused
from webapp.kernel.plugins.registry import Registry

DRAFT = DeliveryDraft(
    delivery_id=1,
    kind="post",
    channel="pigeon",
    label="Spring",
    content=Content(parts=(Part(text="Hello"),)),
    eligible=1,
)
EVENT = DeliveryEvent(delivery_id=1, kind="post", channel="pigeon", label="Spring", name="finished")


class Loft:
    def settings_form(self):
        return SettingsForm

    def connect(self, context):
        return None

    def diagnose(self, context):
        return ()


class Pigeon(Channel):
    kind = "pigeon"
    label = "Carrier pigeon"
    contract = 2
    connection = Loft()


class PigeonPlugin:
    def __init__(self) -> None:
        self.heard: list[str] = []

    @hookimpl
    def register_channels(self):
        return [Pigeon()]

    @hookimpl
    def check_delivery(self, draft):
        return [Finding(code="windy", level=Level.WARNING, message=f"{draft.label} may be late.")]

    @hookimpl
    def on_delivery_event(self, event):
        self.heard.append(event.name)


class BrokenPlugin:
    @hookimpl
    def check_delivery(self, draft):
        raise RuntimeError("no wind")

    @hookimpl
    def on_delivery_event(self, event):
        raise RuntimeError("no ears")


class WrongPlugin:
    @hookimpl
    def register_chanels(self):
        return []


@pytest.fixture
def registry() -> Registry:
    return Registry()


def test_a_plugin_brings_its_channel(registry: Registry):
    registry.add(PigeonPlugin(), name="pigeon")

    assert registry.get("pigeon").label == "Carrier pigeon"
    assert [item.kinds for item in registry.describe()] == [("pigeon",)]


def test_a_channel_nobody_brings_is_named(registry: Registry):
    with pytest.raises(NotFound, match="channel owl"):
        registry.get("owl")


def test_two_plugins_cannot_bring_the_same_channel(registry: Registry):
    registry.add(PigeonPlugin(), name="pigeon")

    with pytest.raises(Refused, match="already"):
        registry.add(PigeonPlugin(), name="other")

    assert len(registry.describe()) == 1


def test_a_misspelt_hook_is_refused(registry: Registry):
    with pytest.raises(Exception, match="Did you mean register_channels"):
        registry.add(WrongPlugin(), name="wrong")


def test_a_failing_rule_becomes_a_warning_and_silences_no_other(registry: Registry):
    registry.add(BrokenPlugin(), name="broken")
    registry.add(PigeonPlugin(), name="pigeon")

    found = registry.findings(DRAFT)

    assert {item.code for item in found} == {"plugin_failed", "windy"}


def test_a_plugin_that_fails_to_hear_an_event_keeps_it_from_nobody(registry: Registry):
    pigeon = PigeonPlugin()
    registry.add(pigeon, name="pigeon")
    registry.add(BrokenPlugin(), name="broken")

    failed = registry.announce(EVENT)

    assert pigeon.heard == ["finished"]
    assert list(failed) == ["broken"]
    assert "on_delivery_event: RuntimeError: no ears" in registry.describe()[0].trouble


def test_a_plugin_that_cannot_be_imported_is_described_and_left_out(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
):

    entry = EntryPoint(name="gone", value="nowhere.at_all", group="fanfare.channels")
    monkeypatch.setattr("webapp.kernel.plugins.registry.entry_points", lambda group: [entry])

    registry.load()

    assert "ModuleNotFoundError" in registry.describe()[0].fault


def test_in_safe_mode_only_the_plugins_that_come_with_fanfare_are_loaded(
    monkeypatch: pytest.MonkeyPatch,
):
    other = EntryPoint(name="other", value="nowhere.at_all", group="fanfare.channels")
    own = entry_points(group="fanfare.channels", name="x")
    monkeypatch.setattr("webapp.kernel.plugins.registry.entry_points", lambda group: [*own, other])
    registry = Registry(safe_mode=True)

    registry.load()

    assert [channel.kind for channel in registry] == ["x"]
    assert {item.name: "safe mode" in item.fault for item in registry.describe()} == {
        "other": True,
        "x": False,
    }
    assert registry.faults({"FANFARE_OTHER_URL": "https://other.example"}) == []


def test_a_plugin_may_be_disabled_by_name(monkeypatch: pytest.MonkeyPatch):
    registry = Registry(disabled=["x"])

    registry.load()

    assert not registry.has("x")
