"""Moves accounts from older keys to a session: keys are traded, and kept until that is proved.

What was begun is written down first and done by workers, so that nothing of it hangs on a page. The
new tokens stand beside the keys until a first call by them has answered; one click leads back.
"""

from collections.abc import Sequence

from channels import Channel, ChannelError, Session
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services import keeping
from webapp.services.channel import (
    connecting,
    declared,
    session_ledger,
    session_store,
    sessions,
    state,
    tokens,
)
from webapp.services.channel.context import ServiceContext, context_of
from webapp.services.channel.state import Remembered
from webapp.services.connection import account_snapshot, accounts, doctor
from webapp.services.models import RefreshOutcome, Service, SessionStep


@requires(Permission.ADMIN)
def move(runtime: Runtime, service_ids: Sequence[int]) -> list[Service]:
    """Begin to move accounts; a worker trades their keys. Raise `Conflict` for one that cannot."""
    moved = [accounts.get(runtime, number) for number in service_ids]
    for service in moved:
        why = why_not(runtime, service)
        if why:
            runtime.session.rollback()
            raise Conflict(why)
    for service in moved:
        wish = {session_store.MOVING: Remembered(runtime.actor.name)}
        state.write(runtime, service.id, wish)
        session_store.renew_at(runtime, service, runtime.now())
        runtime.record("service.move", service)
    runtime.session.commit()
    return moved


def why_not(runtime: Runtime, service: Service) -> str:
    """Return why an account cannot be moved; nothing where it can."""
    name, channel = service.shown_name, _channel(runtime, service)
    if channel is None or channel.moving is None:
        return _("%(name)s has no older keys that could be moved.", name=name)
    context = context_of(runtime, service)
    if session_store.names_of(context):
        return _("%(name)s is moved already.", name=name)
    if not declared.has_older_keys(channel, context):
        return _("%(name)s has no older keys that could be moved.", name=name)
    return declared.sign_in_lacks(channel, context)


def is_under_way(context: ServiceContext) -> bool:
    """Tell whether an account is being moved, or its new tokens have to prove themselves yet."""
    waits = session_store.held(context) is not None
    return waits or session_store.MOVING in context.state


def go_on(runtime: Runtime, service: Service) -> None:
    """Take the next steps of moving an account; what goes wrong is in the ledger."""
    channel = _channel(runtime, service)
    if channel is None or channel.moving is None:
        return
    session_ledger.end_dead(runtime, service)
    context = context_of(runtime, service)
    by = context.state.get(session_store.MOVING, "")
    held = session_store.held(context)
    if held is not None and _is_over(runtime, channel, context, held):
        # Nobody came to prove these while they lasted; the keys are worth others.
        session_store.let_go(runtime, service)
        held = None
    runtime.session.commit()
    try:
        if held is None:
            held = _traded(runtime, service, channel, by)
        if held is not None:
            _prove(runtime, service, held, by)
    except ChannelError as fault:
        if session_ledger.OUTCOMES[fault.kind] is RefreshOutcome.REFUSED:
            _give_up(runtime, service)


def _is_over(runtime: Runtime, channel: Channel, context: ServiceContext, held: Session) -> bool:
    """Tell whether tokens ended before they were proved."""
    context.learnt |= session_store.values_of(held)
    ends = declared.session_until(channel, context)
    return ends is not None and ends <= runtime.now()


def _traded(runtime: Runtime, service: Service, channel: Channel, by: str) -> Session | None:
    """Trade the keys and keep what they brought; nothing where another worker is at it."""
    number = session_ledger.open_row(runtime, service, SessionStep.TRADE, by=by)
    runtime.session.commit()
    if number is None:
        return None
    context = context_of(runtime, service)
    if not _goes_on(runtime, service, None):
        # Another worker was done between the first look and the row of this one.
        session_ledger.drop(runtime, number)
        return None
    runtime.session.commit()
    try:
        session = tokens.trade(channel, context)
    except ChannelError as fault:
        _close(runtime, service, number, fault)
        raise
    goes_on = _goes_on(runtime, service, None)
    if goes_on:
        session_store.hold(runtime, service, session)
    row = session_ledger.close(runtime, number, RefreshOutcome.REFRESHED)
    row.expires_at = session.expires_at
    runtime.session.commit()
    return session if goes_on else None


def _prove(runtime: Runtime, service: Service, held: Session, by: str) -> None:
    """Make the first call by new tokens; let the account be asked by them once it answered."""
    number = session_ledger.open_row(runtime, service, SessionStep.PROOF, by=by)
    if number is None:
        runtime.session.commit()
        return
    context = context_of(runtime, service)
    context.learnt |= session_store.values_of(held)
    runtime.session.commit()
    try:
        account = connecting.connect(runtime, service.kind, context)
        if account.remote_id != service.remote_id:
            raise accounts.wrong_account(service.kind, account, service.internal_name)
    except ChannelError as fault:
        if session_ledger.OUTCOMES[fault.kind] is RefreshOutcome.REFUSED:
            session_store.let_go(runtime, service)
        _close(runtime, service, number, fault)
        raise
    session_ledger.close(runtime, number, RefreshOutcome.REFRESHED)
    if _goes_on(runtime, service, held):
        session_store.keep(runtime, service, held)
        account_snapshot.store_snapshot(runtime, service, account)
        doctor.works(runtime, service)
        runtime.record("service.moved", service)
    keeping.keep(runtime, service, context)


def _goes_on(runtime: Runtime, service: Service, held: Session | None) -> bool:
    """Tell whether an account is being moved still, and holds just these tokens, and lock it.

    Somebody may have signed in or disconnected it while the network was asked: tokens of a trade
    then take the place of none, and a disconnected account keeps none.
    """
    runtime.session.refresh(service, with_for_update={"of": Service})
    context = context_of(runtime, service)
    current = session_store.held(context)
    same = (current and current.secrets) == (held and held.secrets)
    return same and session_store.MOVING in context.state


def _close(runtime: Runtime, service: Service, number: int, fault: ChannelError) -> None:
    """Write down what did not go well, and look again in a minute unless it was refused."""
    session_ledger.close(runtime, number, session_ledger.OUTCOMES[fault.kind], fault)
    session_store.renew_at(runtime, service, runtime.now() + sessions.AGAIN_AFTER)
    runtime.session.commit()


def _give_up(runtime: Runtime, service: Service) -> None:
    """Leave an account with its older keys: the network refused to move it."""
    if _goes_on(runtime, service, None):
        state.forget(runtime, service.id, (session_store.MOVING,))
        session_store.renew_at(runtime, service, None)
    runtime.session.commit()


@requires(Permission.ADMIN)
def back(runtime: Runtime, service_id: int) -> Service:
    """Let an account be asked with its older keys again, once they have answered.

    Raise `Conflict` where it has none, or `ChannelError` where they are worth nothing any more:
    then everything stays as it is.
    """
    service = accounts.get(runtime, service_id)
    channel, context = _channel(runtime, service), context_of(runtime, service)
    if channel is None or channel.moving is None or not session_store.names_of(context):
        raise Conflict(_("%(name)s was not moved.", name=service.shown_name))
    if not declared.has_older_keys(channel, context):
        raise Conflict(_("%(name)s has no older keys to go back to.", name=service.shown_name))
    older = session_store.without(context_of(runtime, service))
    runtime.session.commit()
    account = connecting.connect(runtime, service.kind, older)
    if account.remote_id != service.remote_id:
        raise accounts.wrong_account(service.kind, account, service.internal_name)
    accounts.refuse_removed(runtime, service)
    session_store.forget(runtime, service, context)
    session_ledger.note(runtime, service, SessionStep.BACK)
    account_snapshot.store_snapshot(runtime, service, account)
    service.state, service.fault = account_snapshot.standing(runtime, service)
    runtime.record("service.move_back", service)
    runtime.session.commit()
    return service


def _channel(runtime: Runtime, service: Service) -> Channel | None:
    known = runtime.registry.has(service.kind)
    return runtime.registry.get(service.kind) if known else None
