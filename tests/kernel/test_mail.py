"""Mail goes out encrypted or not at all, and what came of it is told without what is secret."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.mailbox import Mailbox, mailbox
from webapp.kernel import mail
from webapp.kernel.config.settings import Settings
from webapp.kernel.mail import MailFault

USER, PASSWORD = "fanfare", "s\u00e9cret: 4@2"
TO = "ines@ateliernord.example"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as found:
        yield found


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine with its key, which nobody trusts who was not told to."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("mail") / "server.pem"
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    kept = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(kept + made.public_bytes(pem))
    return file


@pytest.fixture
def encrypts(box: Mailbox, certificate: Path) -> None:
    box.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    box.tls.load_cert_chain(certificate)


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the server for another machine."""
    monkeypatch.setattr(mail, "is_loopback", lambda _host: False)


def send(settings: Settings, box: Mailbox, scheme: str, *, to: str = TO, user: str = "") -> None:
    url = f"{scheme}://{user}127.0.0.1:{box.port}"
    mail.send(
        replace(settings, mail_url=url, mail_from="fanfare@shop.example"), to, "A\nB: c", "Hi."
    )


def fault(settings: Settings, box: Mailbox, scheme: str, **more: str) -> MailFault:
    with pytest.raises(MailFault) as found:
        send(settings, box, scheme, **more)
    return found.value


@pytest.mark.usefixtures("encrypts", "trusted", "far")
@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
def test_a_mail_goes_encrypted_to_a_server_that_shows_who_it_is(
    settings: Settings, box: Mailbox, scheme: str
):
    box.at_once, box.logs_in = scheme == "smtps", (USER, PASSWORD)

    send(settings, box, scheme, user="fanfare:s%C3%A9cret%3A%204%402@")

    assert box.mails[0]["Subject"] == "A B: c"
    assert box.mails[0]["B"] is None
    assert box.heard.index(b"AUTH") > (box.heard.index(b"STARTTLS") if scheme == "smtp" else 0)


@pytest.mark.usefixtures("encrypts")
def test_a_server_of_which_nobody_knows_who_it_is_gets_neither_password_nor_mail(
    settings: Settings, box: Mailbox
):
    box.at_once, box.logs_in = True, (USER, PASSWORD)

    told = fault(settings, box, "smtps", user="fanfare:hidden@")

    assert "certificate" in told.message
    assert "hidden" not in told.message
    assert not told.unknown
    assert not box.heard


@pytest.mark.usefixtures("far")
def test_nothing_is_said_in_the_clear_to_another_machine(settings: Settings, box: Mailbox):
    box.logs_in = (USER, PASSWORD)

    assert "cannot encrypt" in fault(settings, box, "smtp", user="fanfare:hidden@").message
    assert not {b"AUTH", b"MAIL", b"DATA"} & set(box.heard)


def test_a_wrong_password_is_told_without_it(settings: Settings, box: Mailbox):
    box.logs_in = (USER, PASSWORD)

    for wrong in ("fanfare:hidden@", "fanfare:h%C3%AFdden@"):
        told = fault(settings, box, "smtp", user=wrong)
        assert told.message == "The mail server refused user name or password."


@pytest.mark.parametrize("word", [b"EHLO", b"RCPT", b"DATA"])
def test_a_server_that_says_nothing_is_left_and_only_a_text_on_its_way_is_unknown(
    settings: Settings, box: Mailbox, monkeypatch: pytest.MonkeyPatch, word: bytes
):
    monkeypatch.setattr(mail, "TIMEOUT", 0.1)
    box.silent_at = word

    assert fault(settings, box, "smtp").unknown is (word == b"DATA")
    assert box.mails == []


def test_one_address_is_one_person(settings: Settings, box: Mailbox):
    for odd in (
        "a,b@shop.example",
        "a@shop.example,b@shop.example",
        "a@b.example\nBcc: c@d.example",
    ):
        assert "No mail can be written" in fault(settings, box, "smtp", to=odd).message
    assert box.mails == []
