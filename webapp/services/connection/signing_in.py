"""Connects an account by letting its people sign in: OAuth 2.0 with PKCE, of any channel that can.

State and verifier stay on the server, for one session of one operator, for ten minutes, for one
answer. What comes back is used up before the network is asked, and nothing is stored before the
account itself has answered by its new tokens.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, select, update

from channels import Channel, SignInRequest
from webapp.kernel.errors import Conflict, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import UnreadableSecret
from webapp.services.channel import declared, pkce, tokens
from webapp.services.channel.context import ServiceContext, context_of, readable
from webapp.services.connection import accounts, sandbox
from webapp.services.connection.drafts import ServiceDraft
from webapp.services.models import Service, SignIn

LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What somebody comes back with from the network."""

    state: str = field(repr=False)
    code: str = field(default="", repr=False)
    error: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Who begins a sign-in, and where the network leads back."""

    holder: str
    redirect_uri: str
    in_sandbox: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A sign-in that was begun: where it leads, what is asked, and of whom."""

    channel: Channel
    address: str
    scopes: Mapping[str, str]
    redirect_uri: str
    service: Service | None


@requires(Permission.ADMIN)
def start(runtime: Runtime, kind: str, wanted: Wanted, *, service_id: int | None = None) -> SignIn:
    """Begin a sign-in for one session of an operator; raise `Conflict` where nobody can sign in."""
    channel = runtime.registry.get(kind)
    service = accounts.get(runtime, service_id) if service_id is not None else None
    in_sandbox = service.is_sandbox if service else wanted.in_sandbox
    context = context_for(runtime, channel, service, in_sandbox=in_sandbox)
    lacks = declared.sign_in_lacks(channel, context)
    if channel.sign_in is None or lacks:
        raise Conflict(lacks or tokens.cannot(channel).message)
    pair = pkce.new()
    now = runtime.clock.system()
    # Of several that one browser began the last one counts.
    runtime.session.execute(
        delete(SignIn).where(SignIn.holder == wanted.holder, SignIn.used_at.is_(None))
    )
    row = SignIn(
        kind=kind,
        service_id=service_id,
        in_sandbox=in_sandbox,
        holder=wanted.holder,
        redirect_uri=wanted.redirect_uri,
        state_hash=pkce.hash_of(pair.state),
        ciphertext=pair.sealed(runtime),
        began_at=now,
        ends_at=now + LASTS,
    )
    runtime.session.add(row)
    runtime.session.commit()
    return row


@requires(Permission.ADMIN)
def waiting(runtime: Runtime, number: int, holder: str) -> Waiting:
    """Return a sign-in that this session began; raise `NotFound` once it is over."""
    row = runtime.session.get(SignIn, number)
    if row is None or row.holder != holder or row.used_at or _is_over(runtime, row):
        raise NotFound(_("This sign-in is over. Begin a new one."))
    channel = runtime.registry.get(row.kind)
    service = accounts.get(runtime, row.service_id) if row.service_id else None
    context = context_for(runtime, channel, service, in_sandbox=row.in_sandbox)
    return Waiting(
        channel=channel,
        address=declared.sign_in_address(channel, context, request_of(runtime, row)),
        scopes=declared.scopes(channel),
        redirect_uri=row.redirect_uri,
        service=service,
    )


def use_up(runtime: Runtime, kind: str, holder: str, returned: Returned) -> SignIn:
    """Take a sign-in for its one answer; raise `Conflict` for any that is not this browser's."""
    found = select(SignIn).where(
        SignIn.state_hash == pkce.hash_of(returned.state), SignIn.kind == kind
    )
    row = runtime.session.scalar(found)
    if row is None or row.holder != holder:
        raise Conflict(
            _(
                "This browser did not begin that sign-in, so nothing was stored. Begin it here, "
                "and finish it in the same browser."
            )
        )
    taken = runtime.session.execute(
        update(SignIn)
        .where(SignIn.id == row.id, SignIn.used_at.is_(None))
        .values(used_at=runtime.clock.system())
        .returning(SignIn.id)
        .execution_options(synchronize_session=False)
    )
    mine = taken.first() is not None
    runtime.session.commit()
    if not mine:
        raise Conflict(_("This sign-in came back once already. Begin a new one."))
    if _is_over(runtime, row):
        raise Conflict(_("This sign-in took longer than ten minutes. Begin a new one."))
    return row


def _is_over(runtime: Runtime, row: SignIn) -> bool:
    now = runtime.clock.system()
    return not row.began_at <= now < row.ends_at


def context_for(
    runtime: Runtime, channel: Channel, service: Service | None, *, in_sandbox: bool
) -> ServiceContext:
    """Return the context of an account, or of one that nobody knows yet."""
    if service is not None:
        # Whoever lost the key of older tokens gets others by signing in again.
        return context_of(runtime, service, readable(runtime, service.id))
    settings = settings_for(runtime, channel, "", in_sandbox=in_sandbox)
    draft = ServiceDraft(label="", internal_name="", settings=settings, secrets={})
    return accounts.drafted(runtime, channel.kind, draft, {})


def settings_for(
    runtime: Runtime, channel: Channel, handle: str, *, in_sandbox: bool
) -> Mapping[str, object]:
    """Return the settings of a new account: what its form begins with, or those of the twin."""
    if in_sandbox:
        return sandbox.settings_of(runtime, channel, handle)
    return declared.form(channel)().settings()


def request_of(runtime: Runtime, row: SignIn) -> SignInRequest:
    """Return a sign-in as its channel is given it; raise `Conflict` where it cannot be read."""
    try:
        pair = pkce.opened(runtime, row.ciphertext)
    except UnreadableSecret as cause:
        raise Conflict(_("This sign-in is over. Begin a new one.")) from cause
    return pair.request(row.redirect_uri, tuple(declared.scopes(runtime.registry.get(row.kind))))
