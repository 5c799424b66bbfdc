"""What X refuses, told in the page and at the command line alike; nothing typed is lost."""

import json
from dataclasses import replace
from html import unescape

import pytest
from flask.testing import FlaskClient

from plugins.x.sandbox.seed import credentials
from tests.plugins.x.sandbox.running import RunningSandbox
from tests.support.cli import Cli
from tests.support.factories import make_delivery
from webapp.deliveries import analysis
from webapp.deliveries.analysis import stored_findings
from webapp.deliveries.models import DeliveryKind, DeliveryState
from webapp.kernel.config.settings import Settings
from webapp.kernel.runtime import Runtime
from webapp.services.connection import accounts, drafts
from webapp.services.models import Service

GOOD = credentials("ateliernord")


@pytest.fixture
def settings(settings: Settings, sandbox: RunningSandbox) -> Settings:
    """An instance that calls the sandbox, on its clock."""
    return replace(
        settings,
        clock=str(sandbox.clock.path),
        plugin_options={"FANFARE_X_API_URL": sandbox.url},
    )


FAULTS = {
    "a wrong consumer key": (
        "ateliernord",
        {"consumer_key": "NobodysKey"},
        "X does not accept the keys or the token. Make new ones and enter all four.",
    ),
    "a wrong token": (
        "ateliernord",
        {"access_token_secret": "wrong"},
        "X does not accept the keys or the token. Make new ones and enter all four.",
    ),
    "the keys of another account": (
        "atelier_shop",
        {},
        "These keys belong to @ateliernord, not to @atelier_shop.",
    ),
    "a handle that cannot exist": (
        "no handle!",
        {},
        "@no handle! cannot be a handle of X, which has 1 to 15 letters, digits and underscores.",
    ),
    "a handle that does not exist": (
        "nobody_at_all",
        {},
        "There is no account @nobody_at_all on X. Correct the handle: these keys belong to",
    ),
}


def test_the_guide_says_where_the_keys_are_before_anything_was_checked(admin: FlaskClient):
    page = unescape(admin.get("/services/new/x").text)

    assert "API key and secret, then access token and secret; X shows each once." in page
    assert " object at 0x" not in page


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_of_the_keys_is_told_in_the_page(admin: FlaskClient, runtime: Runtime, case: str):
    name, keys, sentence = FAULTS[case]
    sent = {"label": "Kept label", "internal_name": name, "folder": "Services"}
    sent |= {"visitor_folder": "Visitors", "daily_cap": "250"}
    sent |= {f"channel-{field}": value for field, value in {**GOOD, **keys}.items()}

    answer = admin.post("/services/new/x", data=sent)

    assert answer.status_code == 422
    assert sentence in unescape(answer.text)
    assert 'value="Kept label"' in answer.text
    assert not [value for value in GOOD.values() if value in answer.text]
    assert runtime.session.query(Service).count() == 0


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_of_the_keys_is_told_at_the_command_line(cli: Cli, runtime: Runtime, case: str):
    name, keys, sentence = FAULTS[case]

    said = cli("service", "add", "x", name, stdin=json.dumps({**GOOD, **keys}))

    assert said.code == 1
    assert sentence in said.err
    assert not [value for value in GOOD.values() if value in said.err + said.out]
    assert runtime.session.query(Service).count() == 0


@pytest.fixture
def service(runtime: Runtime) -> Service:
    draft = drafts.ServiceDraft(
        label="Atelier Nord", internal_name="ateliernord", settings={}, secrets=GOOD
    )
    return accounts.connect(runtime, "x", draft)


LINK = " https://ateliernord.com/" + "a" * 60
LENGTHS = {
    "letters": ("a" * 280, 280),
    "letters over": ("a" * 281, 281),
    "a link": ("a" * 256 + LINK, 280),
    "a link over": ("a" * 257 + LINK, 281),
    "wide letters": ("灯" * 140, 280),
    "wide letters over": ("灯" * 140 + "a", 281),
    "emoji": ("👩‍👩‍👧‍👦" * 140, 280),
    "emoji over": ("👩‍👩‍👧‍👦" * 140 + "a", 281),
}


@pytest.mark.parametrize("case", LENGTHS)
def test_a_post_is_too_long_from_one_weighted_character_on(
    cli: Cli, runtime: Runtime, service: Service, case: str
):
    text, weight = LENGTHS[case]
    delivery = make_delivery(runtime, service, kind=DeliveryKind.POST, content=text)
    analysis.start(runtime, delivery.id)

    found = analysis.analyse(runtime, delivery.id)

    sentences = [item["text"] for item in stored_findings.findings(found)]
    if weight > 280:
        assert found.state is DeliveryState.REJECTED
        assert "The longest message is 281 of 280. Take out 1 character." in sentences
    else:
        assert "Length: 280 of 280" in sentences
    said = cli("delivery", "confirm", str(delivery.id))
    assert said.code == 1
    assert found.content == text
