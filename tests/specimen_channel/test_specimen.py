"""The specimen keeps the contract, and has everything that the contract knows."""

import json
from dataclasses import fields

import pytest

from channels import Accepts, EventKind, EventRequest, Feature, inspection
from channels.channel import PARTS
from channels.slots import TEMPLATE_SLOTS
from channels.testing import Answer, ChannelContract, FakeHost
from tests.specimen_channel.specimen import Specimen, plugin
from tests.specimen_channel.telling import SIGNATURE, signature

ME = {"id": "1001", "handle": "ateliernord", "name": "Atelier Nord"}
ANNA = {"id": "2001", "handle": "anna", "name": "Anna"}
BO = {"id": "2002", "handle": "bo", "name": "Bo"}
TEXT = ChannelContract.text
AT = "2026-11-23T11:50:00Z"
LETTER = {"id": "4001", "from": ANNA, "text": "Stop!", "at": AT}
KEY = "sign1ng-key-made-up"
TOKENS = {"access_token": "acc3ss-new", "refresh_token": "refr3sh-new", "expires_in": 3600}
GRANT = {"access_token": "acc3ss-granted", "scope": "profile"}
TOLD = [
    {"id": "e1", "what": "delivered", "at": AT, "message": "4002"},
    {
        "id": "e2",
        "what": "bounced",
        "at": AT,
        "message": "4003",
        "lasting": True,
        "said": "No box.",
    },
    {"id": "e3", "what": "complained", "at": AT, "message": "4004", "who": ANNA},
    {"id": "e4", "what": "replied", "at": AT, "letter": LETTER},
    {"id": "e5", "what": "followed", "at": AT, "who": ANNA},
    {"id": "e6", "what": "unfollowed", "at": AT, "who": BO},
]


def told(*rows: dict, key: str = KEY) -> EventRequest:
    """A request as the network signs it."""
    body = json.dumps({"events": rows}).encode()
    return EventRequest(body=body, headers={SIGNATURE: signature(key, body)})


class TestSpecimen(ChannelContract):
    channel = Specimen()
    settings = {"address": "https://network.specimen.example"}
    secrets = {
        "access_token": "acc3ss-made-up",
        "refresh_token": "refr3sh-made-up",
        "signing_key": KEY,
    }
    event_requests = [told(*TOLD)]
    workflows = plugin.register_workflows()
    scripts = {
        "connect": [Answer(json=ME)],
        "audience": [
            Answer(json={"people": [ANNA], "next": "2"}),
            Answer(json={"people": [BO], "next": None}),
        ],
        "inbox": [Answer(json={"letters": [LETTER], "next": None})],
        "publish": [Answer(status=201, json={"id": "3001"})],
        "delete": [Answer(status=204)],
        "send": [Answer(status=202, json={"id": "4002"})],
        "find_sent": [Answer(json={"sent": [{"id": "4002", "text": TEXT, "at": AT}]})],
        "find_not_sent": [Answer(json={"sent": []})],
        "refresh": [Answer(json=TOKENS)],
        "trade": [Answer(json=TOKENS)],
        "upload": [
            Answer(json={"id": "5001", "state": "processing", "until": "2026-11-24T12:00Z"})
        ],
        "media_state": [
            Answer(json={"id": "5001", "state": "ready", "until": "2026-11-24T12:00Z"})
        ],
        "metrics": [Answer(json={"posts": [{"id": "3001", "seen": 12, "liked": 3}]})],
        "exchange": [Answer(json=GRANT)],
        "profile": [Answer(json={**ANNA, "email": "anna@fanfare.example"})],
        "edit": [Answer(json={"id": "3001"})],
        "workflow look": [Answer(json=ME)],
    }


@pytest.mark.parametrize("part", ["connection", *PARTS])
def test_the_specimen_has_every_part(part: str):
    assert getattr(Specimen(), part) is not None


@pytest.mark.parametrize("hook", inspection.HOOKS)
def test_the_specimen_implements_every_hook(hook: str):
    assert inspection.is_marked(getattr(plugin, hook))


@pytest.mark.parametrize("slot", TEMPLATE_SLOTS)
def test_the_specimen_fills_every_slot(slot: str):
    blueprint = Specimen.pages.blueprint(FakeHost())

    assert f"channels/specimen/{slot}.html" in blueprint.jinja_loader.list_templates()


@pytest.mark.parametrize("feature", Feature)
def test_the_specimen_takes_every_feature(feature: Feature):
    assert feature in Specimen.post_accepts.features | Specimen.direct_accepts.features


@pytest.mark.parametrize("name", [item.name for item in fields(Accepts)])
def test_the_specimen_sets_every_bound(name: str):
    assert any(getattr(item, name) for item in (Specimen.post_accepts, Specimen.direct_accepts))


@pytest.mark.parametrize("kind", EventKind)
def test_the_specimen_tells_every_kind_of_event(kind: EventKind):
    assert kind.value in {row["what"] for row in TOLD}


def test_the_suite_has_a_script_for_every_call_of_the_specimen():
    wanted = {item.name for item in TestSpecimen.calls(TestSpecimen.lent("call"))}

    assert {name for name in wanted if not name.endswith("_post")} <= set(TestSpecimen.scripts)
