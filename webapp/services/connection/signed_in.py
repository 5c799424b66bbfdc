"""What comes of a sign-in that came back: an account is stored, or its new tokens, or nothing."""

from sqlalchemy import select

from channels import Channel, Granted, SharedProfile
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import naming
from webapp.kernel.text.cleaning import clean
from webapp.services import keeping
from webapp.services.channel import (
    connecting,
    declared,
    session_ledger,
    session_store,
    tokens,
)
from webapp.services.channel.context import context_of, readable
from webapp.services.connection import account_snapshot, accounts, signing_in
from webapp.services.connection.drafts import ServiceDraft
from webapp.services.connection.signing_in import Returned
from webapp.services.models import Service, SessionStep

REFUSED = "access_denied"
LONGEST_WORD = 200


@requires(Permission.ADMIN)
def come_back(runtime: Runtime, kind: str, holder: str, returned: Returned) -> Service:
    """Finish a sign-in: store the account that signed in, or its new tokens.

    Raise `Conflict` or `ChannelError` with a sentence for everything else; nothing is stored then.
    """
    row = signing_in.use_up(runtime, kind, holder, returned)
    channel = runtime.registry.get(kind)
    if returned.error or not returned.code:
        raise Conflict(_refusal(channel, returned))
    service = accounts.get(runtime, row.service_id) if row.service_id else None
    context = signing_in.context_for(runtime, channel, service, in_sandbox=row.in_sandbox)
    request = signing_in.request_of(runtime, row)
    runtime.session.commit()
    granted = tokens.exchange(channel, context, request, returned.code)
    _refuse_partial(channel, granted)
    profile = tokens.profile(channel, context, granted)
    known = _known(runtime, channel, service, profile)
    if known is not None:
        return _connect_again(runtime, known, granted, in_sandbox=row.in_sandbox)
    return _connect(runtime, channel, granted, profile, in_sandbox=row.in_sandbox)


def _refusal(channel: Channel, returned: Returned) -> str:
    if returned.error == REFUSED:
        return _("Nobody allowed it on %(channel)s, so nothing was stored.", channel=channel.label)
    said = clean(returned.said or returned.error)[:LONGEST_WORD]
    if not said:
        return _("%(channel)s sent nobody back who signed in.", channel=channel.label)
    return _("%(channel)s ended the sign-in: %(said)s", channel=channel.label, said=said)


def _refuse_partial(channel: Channel, granted: Granted) -> None:
    """Raise `Conflict` where something was not allowed that an account needs."""
    left_out = [
        words for name, words in declared.scopes(channel).items() if name not in granted.scopes
    ]
    if left_out:
        raise Conflict(
            _(
                "Not all was allowed, so nothing was stored. Missing: %(what)s Sign in again, and "
                "allow all that is asked.",
                what=" ".join(left_out),
            )
        )


def _known(
    runtime: Runtime, channel: Channel, wanted: Service | None, profile: SharedProfile
) -> Service | None:
    """Return the account that is connected already; raise where another one signed in."""
    person = profile.person
    if wanted is not None:
        if person.remote_id == wanted.remote_id:
            return wanted
        raise Conflict(
            _(
                "%(actual)s signed in, not %(wanted)s, so nothing was stored. Log in to "
                "%(channel)s as %(wanted)s, then sign in again.",
                actual=naming.written(channel.kind, person.handle),
                wanted=wanted.shown_name,
                channel=channel.label,
            )
        )
    return runtime.session.scalar(
        select(Service).where(
            Service.kind == channel.kind,
            Service.remote_id == person.remote_id,
            Service.removed_at.is_(None),
        )
    )


def _connect_again(
    runtime: Runtime, service: Service, granted: Granted, *, in_sandbox: bool
) -> Service:
    """Let an account be asked by its new tokens; its older keys stay where they are."""
    if service.is_sandbox != in_sandbox:
        raise Conflict(_("%(name)s is connected already.", name=service.shown_name))
    context = context_of(runtime, service, readable(runtime, service.id))
    context.learnt |= session_store.values_of(granted)
    runtime.session.commit()
    account = connecting.connect(runtime, service.kind, context)
    if account.remote_id != service.remote_id:
        raise accounts.wrong_account(service.kind, account, service.internal_name)
    accounts.refuse_removed(runtime, service)
    session_store.keep(runtime, service, granted)
    session_ledger.note(runtime, service, SessionStep.SIGN_IN, expires_at=granted.expires_at)
    account_snapshot.store_snapshot(runtime, service, account)
    service.state, service.fault = account_snapshot.standing(runtime, service)
    service.checks = []
    runtime.record("service.sign_in", service)
    keeping.keep(runtime, service, context)
    return service


def _connect(
    runtime: Runtime,
    channel: Channel,
    granted: Granted,
    profile: SharedProfile,
    *,
    in_sandbox: bool,
) -> Service:
    """Store a new account once it has answered by its tokens."""
    person = profile.person
    draft = ServiceDraft(
        label=person.name or person.handle,
        internal_name=person.handle,
        settings=signing_in.settings_for(runtime, channel, person.handle, in_sandbox=in_sandbox),
        secrets={},
    )
    return accounts.connect(runtime, channel.kind, draft, in_sandbox=in_sandbox, granted=granted)
