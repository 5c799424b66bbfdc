"""Sends mail through the server that the settings name, one message by one connection.

Who must not send a mail twice has to know what came of it: a refusal is certain, and whatever cuts
the connection once the text is on its way leaves it unknown.
"""

import smtplib
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit

from webapp.kernel.config.settings import Settings
from webapp.kernel.i18n import _
from webapp.kernel.web.links import is_loopback

TIMEOUT = 30
TLS, STARTTLS = 465, 587
LOGGED_IN = 235


class MailFault(Exception):
    """A mail was not sent, or `unknown`: nobody knows whether it was. The message is a sentence."""

    def __init__(self, message: str, *, unknown: bool = False) -> None:
        """Keep the sentence, and whether the mail may have gone out."""
        super().__init__(message)
        self.message, self.unknown = message, unknown


def is_set(settings: Settings) -> bool:
    """Tell whether there is a server and a sender."""
    return bool(settings.mail_url and settings.mail_from)


def server(settings: Settings) -> str:
    """Return what the server is called, without what opens it."""
    parts = urlsplit(settings.mail_url)
    return f"{parts.hostname}:{_port(settings)}" if parts.hostname else ""


def send(settings: Settings, to: str, subject: str, text: str) -> None:
    """Send a mail; raise `MailFault`."""
    if not is_set(settings):
        raise MailFault(
            _("No mail can be sent: set FANFARE_MAIL_URL and FANFARE_MAIL_FROM, then start again.")
        )
    mail = EmailMessage()
    mail["From"], mail["To"] = settings.mail_from, _address(to)
    mail["Subject"] = " ".join(subject.split())
    mail["Date"] = formatdate(usegmt=True)
    mail["Message-ID"] = make_msgid(domain=Address(addr_spec=settings.mail_from).domain)
    # No program that answers for its owner writes back.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    with _connected(settings) as connection:
        _hand_over(connection, mail)


def _address(text: str) -> Address:
    """Return one address: what holds a comma would else be read as several people."""
    try:
        return Address(addr_spec=text)
    except (ValueError, HeaderParseError, IndexError) as fault:
        raise MailFault(_("No mail can be written to the address %(to)s.", to=text)) from fault


class _Talk(smtplib.SMTP):
    """A connection that knows whether the text of a mail is on its way."""

    on_its_way = False

    def data(self, msg: Any) -> Any:
        """Hand the text over."""
        self.on_its_way = True
        return super().data(msg)


class _EncryptedTalk(_Talk, smtplib.SMTP_SSL):
    """The same, encrypted from its first word on."""


@contextmanager
def _connected(settings: Settings) -> Iterator[_Talk]:
    """Open a connection that is encrypted, unless the server is this machine."""
    with ExitStack() as opened:
        try:
            connection = _opened(settings, opened)
        except (OSError, UnicodeError, smtplib.SMTPException) as fault:
            raise MailFault(_told(server(settings), fault)) from fault
        yield connection


def _opened(settings: Settings, opened: ExitStack) -> _Talk:
    parts, context = urlsplit(settings.mail_url), ssl.create_default_context()
    host, port = parts.hostname or "", _port(settings)
    if parts.scheme == "smtps":
        connection: _Talk = _EncryptedTalk(host, port, timeout=TIMEOUT, context=context)
    else:
        connection = _Talk(host, port, timeout=TIMEOUT)
    opened.callback(_leave, connection)
    if parts.scheme != "smtps" and not is_loopback(host):
        connection.starttls(context=context)
    if parts.username:
        _log_in(connection, unquote(parts.username), unquote(parts.password or ""))
    return connection


def _leave(connection: _Talk) -> None:
    with suppress(OSError, smtplib.SMTPException):
        connection.quit()
    connection.close()


def _log_in(connection: _Talk, user: str, password: str) -> None:
    if (user + password).isascii():
        connection.login(user, password)
        return
    # The library writes ASCII alone; by RFC 4616 both are UTF-8.
    plain = b64encode(f"\0{user}\0{password}".encode()).decode()
    connection.ehlo_or_helo_if_needed()
    code, said = connection.docmd("AUTH", f"PLAIN {plain}")
    if code != LOGGED_IN:
        raise smtplib.SMTPAuthenticationError(code, said)


def _told(name: str, fault: Exception) -> str:
    """Say why there is no connection, with what can be done about it and nothing that is secret."""
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        return _("The mail server refused user name or password.")
    if isinstance(fault, ssl.SSLCertVerificationError):
        why = fault.verify_message.rstrip(".")
        return _(
            "The certificate of the mail server %(name)s is not good: %(why)s.", name=name, why=why
        )
    if isinstance(fault, ssl.SSLError):
        return _(
            "The mail server %(name)s does not encrypt as FANFARE_MAIL_URL asks: try smtps:// with "
            "port 465, or smtp:// with port 587.",
            name=name,
        )
    if isinstance(fault, smtplib.SMTPNotSupportedError):
        return _("The mail server %(name)s cannot encrypt, or takes no log-in.", name=name)
    if isinstance(fault, TimeoutError):
        return _("The mail server %(name)s did not answer in time.", name=name)
    return _("The mail server %(name)s was not reached.", name=name)


def _hand_over(connection: _Talk, mail: EmailMessage) -> None:
    try:
        connection.send_message(mail)
    except (
        smtplib.SMTPRecipientsRefused,
        smtplib.SMTPSenderRefused,
        smtplib.SMTPDataError,
        smtplib.SMTPNotSupportedError,
    ) as fault:
        raise MailFault(_("The mail server refused the mail.")) from fault
    except (OSError, smtplib.SMTPException) as fault:
        if not connection.on_its_way:
            raise MailFault(
                _("The mail server fell silent before it was given the mail.")
            ) from fault
        raise MailFault(
            _("The mail server did not say whether it took the mail."), unknown=True
        ) from fault


def _port(settings: Settings) -> int:
    parts = urlsplit(settings.mail_url)
    return parts.port or (TLS if parts.scheme == "smtps" else STARTTLS)
