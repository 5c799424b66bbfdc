"""The link of a message is signed, and leads to that message alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import Accepts, Feature, Outgoing
from tests.support.deliveries import begin, ready
from tests.support.fakes import FakeNetwork
from webapp.deliveries import analysis, sending, why
from webapp.deliveries.kinds.direct import Direct
from webapp.deliveries.models import Message
from webapp.kernel.config.settings import Settings
from webapp.kernel.errors import NotFound
from webapp.kernel.runtime import Runtime
from webapp.privacy import reader
from webapp.services.models import Service

SETTINGS = Settings(secret_key="a secret of this test", public_url="https://hub.fanfare.example/")
TEXT = "Spring is here. {why_link}"


def token_of(address: str) -> str:
    return address.rpartition("/")[2]


@given(st.integers(1, 2**31 - 1))
def test_a_link_leads_to_its_message(number: int):
    address = why.address(SETTINGS, number, "7")

    assert address.startswith("https://hub.fanfare.example/why/")
    assert why.message_of(SETTINGS, token_of(address)) == number
    assert len(address) <= len(why.example(SETTINGS))


def test_the_link_of_an_example_leads_nowhere():
    assert why.message_of(SETTINGS, token_of(why.example(SETTINGS))) is None


@given(st.text())
def test_what_nobody_signed_leads_nowhere(token: str):
    assert why.message_of(SETTINGS, token) is None


def test_the_link_of_another_message_or_another_instance_leads_nowhere():
    first, second = (token_of(why.address(SETTINGS, number, "7")) for number in (1, 2))
    elsewhere = replace(SETTINGS, secret_key="another secret")

    assert why.message_of(SETTINGS, f"2.{first.partition('.')[2]}") is None
    assert why.message_of(elsewhere, second) is None


def test_each_person_gets_a_link_of_their_own(
    runtime: Runtime, service: Service, network: FakeNetwork, settings: Settings
):
    runtime = replace(runtime, settings=replace(settings, public_url="https://hub.example"))
    delivery = begin(runtime, ready(runtime, service, 2, content=TEXT))
    sending.send_batch(runtime, delivery.id)

    ids = [row.id for row in runtime.session.query(Message).order_by(Message.id)]
    said = [text.partition("https://hub.example/why/")[2] for _who, text in network.directs]
    assert [why.message_of(runtime.settings, token) for token in said] == ids


def test_a_number_that_a_restored_database_gives_again_opens_no_page_of_somebody_else(
    runtime: Runtime, service: Service
):
    """The copy knew nothing of the message whose link this is, and numbered on."""
    begin(runtime, ready(runtime, service, 1))
    message = runtime.session.query(Message).one()
    paths = [
        why.path(runtime.settings, message.id, who) for who in ("gone", message.visitor.remote_id)
    ]
    before, own = map(token_of, paths)

    for read in (reader.told, reader.stop, reader.erase):
        with pytest.raises(NotFound):
            read(runtime, before)
    assert reader.told(runtime, own).message is message


def test_each_link_of_a_message_leads_to_a_page_of_its_own(runtime: Runtime):
    asks, ends = (why.path(runtime.settings, 7, "9", name) for name in ("why_link", "stop_link"))

    assert (asks.split("/")[1], ends.split("/")[1]) == ("why", "stop")
    assert token_of(asks) == token_of(ends)


def test_a_withdrawal_by_link_ends_before_the_next_message_is_claimed(
    runtime: Runtime, service: Service, network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
):
    """While the first message goes out its second reader presses the button."""
    delivery = begin(runtime, ready(runtime, service, 2))
    first, second = runtime.session.query(Message).order_by(Message.id)
    token = token_of(why.path(runtime.settings, second.id, second.visitor.remote_id))
    plain = Direct.send

    def send(*given: object) -> object:
        if not network.directs:
            reader.stop(runtime, token)
        return plain(*given)

    monkeypatch.setattr(Direct, "send", send)
    sending.send_batch(runtime, delivery.id)

    runtime.session.expire_all()
    assert (first.state, second.state, second.reason) == ("sent", "ignored", "wrote_stop")
    assert len(network.directs) == 1


@pytest.mark.parametrize(
    ("url", "takes", "address"),
    [("", True, ""), ("https://hub.example", False, ""), ("https://hub.example", True, "/stop/")],
    ids=["nobody reaches it", "a network without such an address", "one that has it"],
)
def test_networks_that_show_an_address_that_ends_messages_get_it(
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    *,
    url: str,
    takes: bool,
    address: str,
):
    runtime = replace(runtime, settings=replace(settings, public_url=url))
    accepts = Accepts(features={Feature.UNSUBSCRIBE} if takes else ())
    monkeypatch.setattr(Direct, "accepts", lambda _kind, _channel: accepts)
    delivery = begin(runtime, ready(runtime, service, 1))
    seen: list[str] = []
    plain = Direct.send

    def send(kind: Direct, client: object, person: object, outgoing: Outgoing, turn: object):
        seen.append(outgoing.unsubscribe_url)
        return plain(kind, client, person, replace(outgoing, unsubscribe_url=""), turn)

    monkeypatch.setattr(Direct, "send", send)
    sending.send_batch(runtime, delivery.id)

    wanted = f"{url}{address}" if address else ""
    assert [found[: len(wanted) or None] for found in seen] == [wanted]


@pytest.mark.parametrize(
    ("text", "level"),
    [("Spring. {opt_out_line}", "warning"), ("Spring. {stop_link}", None)],
)
def test_a_message_without_a_link_that_ends_messages_is_warned_of_where_there_could_be_one(
    runtime: Runtime, service: Service, settings: Settings, text: str, level: str | None
):
    runtime = replace(runtime, settings=replace(settings, public_url="https://hub.example"))

    delivery = ready(runtime, service, 1, content=text)

    found = {item["code"]: item["level"] for item in analysis.stored_findings.findings(delivery)}
    assert found.get("no_stop_link") == level
    assert found["opt_out"] == "passed"


@pytest.mark.parametrize(
    ("url", "sandbox", "errors"),
    [("", False, True), ("", True, False), ("https://hub.example", False, False)],
    ids=["nobody reaches it", "a rehearsal on this machine", "it has an address"],
)
def test_the_analysis_refuses_a_link_that_nobody_could_open(
    runtime: Runtime,
    service: Service,
    settings: Settings,
    *,
    url: str,
    sandbox: bool,
    errors: bool,
):
    service.is_sandbox = sandbox
    runtime = replace(runtime, settings=replace(settings, public_url=url))

    delivery = ready(runtime, service, 1, content=TEXT)

    found = {item["code"]: item["level"] for item in analysis.stored_findings.findings(delivery)}
    assert (found.get("why_link") == "error") is errors
    # The page behind it ends the messages, as the opt-out line does.
    assert found["opt_out"] == "passed"
