"""A network that cannot be reached uses up nothing, and is named."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape
from ipaddress import ip_address
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask.testing import FlaskClient

from channels import ErrorKind, Limit, Operation, Price, Scope
from channels.http import of_network
from tests.support.cli import Cli
from tests.support.deliveries import begin, fault, ready, sent, states
from tests.support.factories import make_service
from tests.support.fake_network import FakeNetwork, direct_limit
from webapp.deliveries import sending
from webapp.deliveries.models import Held, Message
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.connection import snapshot_refresh
from webapp.services.limits import quota
from webapp.services.models import Charge

GONE = {"kind": ErrorKind.TEMPORARY, "code": "unreachable", "never_sent": True}
Serve = Callable[[socket.socket], None]


def used(runtime: Runtime, service: object, operation: Operation) -> list[int]:
    return [item.used for item in quota.usage(runtime, service, operation)]


def test_a_delivery_waits_and_gives_back_limits_money_and_tries(
    runtime: Runtime, network: FakeNetwork, clock
):
    network.limits = [direct_limit(100)]
    service = make_service(runtime, monthly_budget=Decimal("5.00"))
    network.before = [fault(**GONE), fault(**GONE)]

    delivery = sent(runtime, service)
    runtime.session.refresh(delivery)

    assert states(runtime, delivery) == ["pending"] * 3
    assert used(runtime, service, Operation.DIRECT) == [0, 0]
    assert costs.spent_this_month(runtime, service) == 0
    assert {row.tries for row in runtime.session.query(Message)} == {0}
    assert {row.due_at for row in runtime.session.query(Message)} == {None}
    assert delivery.wait_code == Held.NETWORK
    assert delivery.wait_reason == "The network minds."
    assert delivery.resume_at == runtime.now() + timedelta(minutes=1)
    assert len(network.before) == 1, "one call tells of all"


def test_the_pause_grows_and_all_goes_out_when_the_network_is_back(
    runtime: Runtime, network: FakeNetwork, clock
):
    service = make_service(runtime)
    network.before = [fault(**GONE)] * 7
    delivery = begin(runtime, ready(runtime, service))
    pauses = []
    for _time in range(7):
        sending.send_batch(runtime, delivery.id)
        runtime.session.refresh(delivery)
        pauses.append((delivery.resume_at - runtime.now()).total_seconds() / 60)
        clock.set(delivery.resume_at)

    sending.send_batch(runtime, delivery.id)

    assert pauses == [1, 2, 4, 8, 15, 15, 15]
    assert states(runtime, delivery) == ["sent"] * 3
    assert service.unreachable_since is None


def test_a_window_that_was_opened_since_keeps_its_count(
    runtime: Runtime, network: FakeNetwork, clock
):
    network.limits = [direct_limit(100, seconds=900)]
    service = make_service(runtime)
    before = runtime.now()
    quota.reserve(runtime, service, Operation.DIRECT)
    clock.set(before + timedelta(seconds=901))
    quota.reserve(runtime, service, Operation.DIRECT)

    quota.give_all_back(runtime, service, Operation.DIRECT, before)
    runtime.session.commit()

    assert used(runtime, service, Operation.DIRECT)[0] == 1


def test_a_look_up_that_never_left_costs_nothing(runtime: Runtime, network: FakeNetwork, clock):
    network.limits = [Limit(operation=Operation.FIND, scope=Scope.ACCOUNT, seconds=900, cap=10)]
    network.prices = [Price(operation=Operation.FIND, amount=Decimal("0.01"), label="Looked up")]
    service = make_service(runtime)
    network.after = [fault(ErrorKind.UNKNOWN, "no_answer")]
    delivery = sent(runtime, service, people=1)
    network.answer = fault(**GONE)
    assert states(runtime, delivery) == ["unknown"]
    clock.set(runtime.session.query(Message).one().due_at)

    sending.send_batch(runtime, delivery.id)

    assert len(network.asked) == 1
    assert used(runtime, service, Operation.FIND) == [0]
    assert {row.amount for row in runtime.session.query(Charge)} <= {Decimal(0)}
    assert states(runtime, delivery) == ["unknown"]


def test_reading_an_account_gives_its_turn_back(runtime: Runtime, network: FakeNetwork):
    network.limits = [Limit(operation=Operation.ACCOUNT, scope=Scope.ACCOUNT, seconds=900, cap=10)]
    service = make_service(runtime)

    def gone(_context: object) -> None:
        raise fault(**GONE)

    network.on_ask = gone
    snapshot_refresh.read(runtime, service)

    assert used(runtime, service, Operation.ACCOUNT) == [0]
    assert service.unreachable_since == runtime.now()


def test_health_and_every_page_name_the_network_while_it_is_out_of_reach(
    runtime: Runtime, admin: FlaskClient, cli: Cli, network: FakeNetwork
):
    service = make_service(runtime, internal_name="ateliernord")
    network.before = [fault(**GONE)]
    sent(runtime, service)

    page = unescape(admin.get("/settings/health").text)
    other = unescape(admin.get("/workflows").text)
    said = cli("health")

    for text in (page, other, said.out):
        assert "cannot be reached for @ateliernord" in text
    assert said.code == 1


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A key and a certificate for this machine's own address."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "key").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    (folder / "certificate").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return folder / "key", folder / "certificate"


@contextmanager
def server(serve: Serve) -> Iterator[int]:
    """A server that treats its first caller so."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def run() -> None:
            with suppress(OSError):
                caller, _address = listening.accept()
                with caller, suppress(OSError):
                    serve(caller)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(5)


def reset(caller: socket.socket) -> None:
    caller.recv(1)
    caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def speaks_plainly(caller: socket.socket) -> None:
    caller.recv(100)
    caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def says_nothing(caller: socket.socket) -> None:
    caller.recv(10_000)
    caller.recv(10_000)


def called(address: str, **options: object) -> Exception:
    with pytest.raises(requests.RequestException) as raised:
        requests.post(address, json={}, timeout=(0.5, 0.5), **options)
    return raised.value


@pytest.mark.parametrize("serve", [reset, speaks_plainly, says_nothing])
def test_encryption_that_fails_before_the_request_left_is_known_never_to_have_been_sent(
    serve: Serve,
):
    with server(serve) as port:
        found = of_network(called(f"https://127.0.0.1:{port}/"), network="X", writes=True)

    assert found.never_sent
    assert found.kind is ErrorKind.TEMPORARY


@pytest.mark.parametrize("host", ["127.0.0.1:9", "nobody.invalid"])
def test_a_host_that_is_not_there_is_known_never_to_have_been_asked(host: str):
    found = of_network(called(f"http://{host}/"), network="X", writes=True)

    assert found.never_sent


def test_what_breaks_when_the_request_was_read_leaves_the_outcome_open(tmp_path: Path):
    key, certificate = self_signed(tmp_path)

    def serve(caller: socket.socket) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        with context.wrap_socket(caller, server_side=True) as secure:
            secure.recv(10_000)
            # Something that is no encryption any more.
            caller = socket.socket(fileno=secure.detach())
            caller.sendall(b"no record of TLS at all")
            caller.close()

    with server(serve) as port:
        address = f"https://127.0.0.1:{port}/"
        found = of_network(called(address, verify=str(certificate)), network="X", writes=True)

    assert not found.never_sent
    assert found.kind is ErrorKind.UNKNOWN
