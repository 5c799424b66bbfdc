"""An address that somebody typed on a page is theirs once they followed the link of a mail to it.

Until then it is kept as not confirmed, and nothing is written to it but that one mail. The link is
signed and stored nowhere: it names a visitor and a hash of their address, so it is over as soon as
either is another one, and it holds for a week.
"""

import hashlib
import logging
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from webapp.acquisition.answers import READER, Accepted, typed_of, values_of
from webapp.acquisition.returning import Signed
from webapp.audience.models import Visitor
from webapp.kernel import mail
from webapp.kernel.config import instance_files
from webapp.kernel.errors import Conflict, NotFound
from webapp.kernel.i18n import _, in_language
from webapp.kernel.mail import MailFault
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.web import links
from webapp.operators.authentication import throttle
from webapp.operators.authentication.throttle import TooSoon
from webapp.profiles import addresses, contacts, values
from webapp.profiles.models import Profile, ProfileLink

log = logging.getLogger(__name__)

EMAIL = "email"
LASTS = timedelta(days=7)
PATH = "/p/-/confirm/"


class _Asked(NamedTuple):
    """What a link is about: whose address, which one by its hash, and when it was asked."""

    visitor_id: int
    mark: str
    at: datetime


@requires(Permission.PUBLIC)
def ask(runtime: Runtime, signed: Signed, accepted: Accepted) -> bool:
    """Send a mail to an address that somebody typed, if mail can be sent; tell whether one went.

    Without one the address stays as it is, not confirmed.
    """
    told = values_of(signed, accepted)
    if EMAIL not in typed_of(signed, told) or not mail.is_set(runtime.settings):
        return False
    visitor, address = _visitor(runtime, signed), told[EMAIL]
    if visitor is None or not _is_open(runtime, visitor.id, _mark(address)):
        return False
    token = token_of(runtime, visitor.id, address)
    try:
        link = links.link(runtime.settings, f"{PATH}{token}")
        # Nobody fills the mailbox of somebody else by typing their address again and again.
        key = addresses.key_of(address)
        throttle.take(runtime, throttle.of_confirmation(key, visitor.id))
        with in_language(signed.visit.language.replace("-", "_")):
            mail.send(runtime.settings, address, *_letter(signed, link))
    except (MailFault, Conflict, TooSoon) as fault:
        # A log outlives an erasure, so it names no address.
        why = fault.message.replace(address, "…")
        log.warning("No mail went out to confirm an address: %s", why)
        return False
    return True


def _letter(signed: Signed, link: str) -> tuple[str, str]:
    """Return subject and text of the mail; it says nothing of what else was shared."""
    account = signed.shown.page.service.shown_name
    subject = _("Is this your address? %(account)s asks", account=account)
    text = _(
        "Somebody gave this address to %(account)s. If it was you, open this link within a week "
        "and press the button there:\n\n%(link)s\n\nIf it was not you, do nothing: nobody writes "
        "to you because of it.",
        account=account,
        link=link,
    )
    return subject, text


@requires(Permission.PUBLIC)
def look(runtime: Runtime, token: str) -> bool:
    """Tell whether an address is confirmed already; raise `NotFound` where a link is over."""
    asked = _read(runtime, token)
    profile = _profile(runtime, asked)
    return not profile.sources.get(EMAIL, {}).get("typed")


@requires(Permission.PUBLIC)
def confirm(runtime: Runtime, token: str) -> None:
    """Note that an address is theirs; raise `NotFound` where the link is over."""
    runtime = runtime.acting_as(READER)
    asked = _read(runtime, token)
    contacts.alone(runtime)
    profile = _profile(runtime, asked)
    if values.confirm(runtime, profile, EMAIL):
        visitor = runtime.session.get_one(Visitor, asked.visitor_id)
        runtime.record("visitor.confirm_email", visitor)
    runtime.session.commit()


def _visitor(runtime: Runtime, signed: Signed) -> Visitor | None:
    kind = signed.shown.page.service.kind
    mine = Visitor.kind == kind, Visitor.remote_id == signed.visit.remote_id
    return runtime.session.scalar(select(Visitor).where(*mine))


def _is_open(runtime: Runtime, visitor_id: int, mark: str) -> bool:
    """Tell whether a profile has this address from them, and nobody confirmed it yet."""
    try:
        profile = _profile(runtime, _Asked(visitor_id, mark, runtime.clock.system()))
    except NotFound:
        return False
    return bool(profile.sources.get(EMAIL, {}).get("typed"))


def _profile(runtime: Runtime, asked: _Asked) -> Profile:
    """Return the profile of somebody that still says this address; raise `NotFound` for none."""
    link = runtime.session.get(ProfileLink, asked.visitor_id, populate_existing=True)
    profile = link.profile if link is not None else None
    if profile is None or _mark(profile.email) != asked.mark:
        raise _over()
    runtime.session.refresh(profile)
    return profile


def _mark(address: str) -> str:
    """Return how an address is known again; links show no address."""
    return hashlib.sha256(addresses.key_of(address).encode()).hexdigest()[:24]


def token_of(runtime: Runtime, visitor_id: int, address: str) -> str:
    """Return what a link carries to ask somebody about their address."""
    at = int(runtime.clock.system().timestamp())
    return str(_signer(runtime).dumps([visitor_id, _mark(address), at]))


def _read(runtime: Runtime, token: str) -> _Asked:
    try:
        visitor_id, mark, at = _signer(runtime).loads(token)
    except BadSignature as forged:
        raise _over() from forged
    asked = _Asked(visitor_id, mark, datetime.fromtimestamp(at, UTC))
    if not timedelta() <= runtime.clock.system() - asked.at + timedelta(seconds=1) < LASTS:
        raise _over()
    return asked


def _signer(runtime: Runtime) -> URLSafeSerializer:
    key, by = instance_files.secret_key(runtime.settings), {"digest_method": hashlib.sha256}
    return URLSafeSerializer(key, "fanfare: address", signer_kwargs=by)


def _over() -> NotFound:
    return NotFound(_("This link is over. Nothing was changed."))
