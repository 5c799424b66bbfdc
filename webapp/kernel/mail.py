"""Sends mail through the server that the settings name, one message by one connection.

Who must not send a mail twice has to know what came of it: a refusal is certain, and whatever cuts
the connection once the text is on its way leaves it unknown.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from webapp.kernel.config.settings import Settings
from webapp.kernel.i18n import _
from webapp.kernel.web.links import is_loopback

TIMEOUT = 30
TLS, STARTTLS = 465, 587


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
    mail["From"], mail["To"] = settings.mail_from, to
    mail["Subject"] = " ".join(subject.split())
    mail["Date"] = formatdate(usegmt=True)
    mail["Message-ID"] = make_msgid(domain=Address(addr_spec=settings.mail_from).domain)
    # No program that answers for its owner writes back.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    with _connected(settings) as connection:
        _hand_over(connection, mail)


@contextmanager
def _connected(settings: Settings) -> Iterator[smtplib.SMTP]:
    """Open a connection that is encrypted, unless the server is this machine."""
    try:
        connection = _opened(settings)
    except smtplib.SMTPAuthenticationError as fault:
        raise MailFault(_("The mail server refused user name or password.")) from fault
    except (OSError, smtplib.SMTPException) as fault:
        raise MailFault(
            _("The mail server %(name)s was not reached.", name=server(settings))
        ) from fault
    try:
        yield connection
    finally:
        with suppress(OSError, smtplib.SMTPException):
            connection.quit()


def _opened(settings: Settings) -> smtplib.SMTP:
    parts, context = urlsplit(settings.mail_url), ssl.create_default_context()
    host, port = parts.hostname or "", _port(settings)
    if parts.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
    else:
        connection = smtplib.SMTP(host, port, timeout=TIMEOUT)
        if not is_loopback(host):
            connection.starttls(context=context)
    if parts.username:
        connection.login(unquote(parts.username), unquote(parts.password or ""))
    return connection


def _hand_over(connection: smtplib.SMTP, mail: EmailMessage) -> None:
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
        raise MailFault(
            _("The mail server did not say whether it took the mail."), unknown=True
        ) from fault


def _port(settings: Settings) -> int:
    parts = urlsplit(settings.mail_url)
    return parts.port or (TLS if parts.scheme == "smtps" else STARTTLS)
