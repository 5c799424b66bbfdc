"""Connect an account as a service, change it, remove it, find it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from sqlalchemy import delete, func, select

from channels import Account, ChannelError, ErrorKind, Granted
from webapp.kernel.errors import Conflict, Invalid, NotFound
from webapp.kernel.folders import FolderKind, folder
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import UnreadableSecret
from webapp.kernel.text import naming
from webapp.kernel.text.notices import NOTHING, Notice
from webapp.kernel.text.suggestions import near
from webapp.services import keeping
from webapp.services.channel import (
    connecting,
    declared,
    session_ledger,
    session_store,
    sessions,
    state,
)
from webapp.services.channel.context import ServiceContext, context_of, readable_secrets, stored_of
from webapp.services.channel.options import Options
from webapp.services.connection import account_snapshot, changes, reconnect
from webapp.services.connection.drafts import ServiceDraft, refuse_faults
from webapp.services.limits import limit_raised
from webapp.services.models import Service, ServiceSecret, ServiceState, SessionStep

LONGEST_ID = 9


@requires(Permission.ADMIN)
def connect(
    runtime: Runtime,
    kind: str,
    draft: ServiceDraft,
    *,
    in_sandbox: bool = False,
    granted: Granted | None = None,
) -> Service:
    """Ask the live account first, then store the service; raise `ChannelError` or `Conflict`.

    `in_sandbox` marks an account of the channel's offline twin, so that every page says so.
    `granted` are the tokens of whoever signed in.

    An account that was removed gets its row back, with whom it knows: who wrote STOP to it may
    not be written to after it was connected again.
    """
    refuse_faults(draft)
    context = drafted(runtime, kind, draft, draft.secrets)
    if granted is not None:
        context.learnt |= session_store.values_of(granted)
    account = _ask(runtime, kind, context)
    if account.handle.lower() != context.handle.lower():
        raise wrong_account(kind, account, context.handle)
    service, action = reconnect.find_or_new(runtime, kind, account)
    _apply(runtime, service, draft)
    service.time_zone = service.time_zone or runtime.zone.key
    service.is_sandbox = in_sandbox
    reconnect.insert(runtime, service)
    _lock(runtime, service, draft.secrets)
    if granted is not None:
        session_store.keep(runtime, service, granted)
        session_ledger.note(runtime, service, SessionStep.SIGN_IN, expires_at=granted.expires_at)
    account_snapshot.store_snapshot(runtime, service, account)
    service.state, service.fault = account_snapshot.standing(runtime, service)
    runtime.record(action, service, internal_name=service.internal_name)
    keeping.keep(runtime, service, context)
    return service


@requires(Permission.ADMIN)
def change(runtime: Runtime, service_id: int, draft: ServiceDraft, *, seen: str = "") -> Service:
    """Change a service after asking the live account; a secret left out stays as it is.

    The internal name follows the account: another one is `Invalid`. `seen` is the mark of what the
    operator changed; raise `Conflict` where somebody chose something else since.
    """
    refuse_faults(draft)
    service = get(runtime, service_id)
    context, leaves = _asked_with(runtime, service, draft)
    account = _ask(runtime, service.kind, context)
    if account.remote_id != service.remote_id:
        raise wrong_account(service.kind, account, service.internal_name)
    _refuse_other_name(service, account, context.handle)
    refuse_removed(runtime, service)
    if seen and seen != changes.mark(service):
        # The page that says so is made without keeping the row from anybody.
        runtime.session.rollback()
        raise Conflict(
            _(
                "Somebody changed these settings meanwhile, and nothing was saved. Save again to "
                "put what stands here in the place of theirs."
            )
        )
    before, chosen = limit_raised.allowance(service), changes.options(service)
    _apply(runtime, service, draft)
    # What the checks found held for the settings before these.
    service.checks = []
    _lock(runtime, service, draft.secrets)
    if leaves:
        session_store.forget(runtime, service, context_of(runtime, service))
        session_ledger.note(runtime, service, SessionStep.BACK)
    account_snapshot.store_snapshot(runtime, service, account)
    service.state, service.fault = account_snapshot.standing(runtime, service)
    changed = changes.since(chosen, service)
    runtime.record("service.change", service, secrets=sorted(draft.secrets), changed=changed)
    keeping.keep(runtime, service, context)
    limit_raised.tell(runtime, service, before)
    return service


@requires(Permission.ADMIN)
def remove(runtime: Runtime, service_id: int) -> None:
    """Disconnect an account: its secrets are erased, its history stays."""
    service = get(runtime, service_id)
    service.removed_at, service.checks = runtime.now(), []
    service.inbox_cursor = None
    runtime.session.execute(delete(ServiceSecret).where(ServiceSecret.service_id == service.id))
    state.forget(runtime, service.id)
    runtime.record("service.remove", service)
    runtime.session.commit()


@requires(Permission.VIEW)
def get(runtime: Runtime, service_id: int) -> Service:
    """Return one service; raise `NotFound`."""
    found = runtime.session.get(Service, service_id)
    if found is None or found.removed_at:
        raise NotFound(_("There is no such service."))
    return found


def find(runtime: Runtime, internal_name: str) -> Service:
    """Return the service of an account's handle, whatever its case, or of its number here.

    Raises `NotFound`, or `Invalid` where accounts of several channels have that handle.
    """
    handle = naming.bare(internal_name)
    found = [item for item in every(runtime) if item.internal_name.lower() == handle.lower()]
    if len(found) > 1:
        numbers = ", ".join(f"{item.id} ({item.kind})" for item in found)
        raise Invalid(
            _(
                "Several services are called %(name)s. Give one by its number: %(numbers)s.",
                name=handle,
                numbers=numbers,
            )
        )
    # A handle may be all digits, so it is looked for first.
    if not found and handle.isdecimal() and len(handle) <= LONGEST_ID:
        found = [item for item in every(runtime) if item.id == int(handle)]
    if not found:
        known = [item.internal_name for item in every(runtime)]
        sentence = _("No service is connected to %(name)s.", name=internal_name.strip())
        raise NotFound(f"{sentence} {near(handle, known)}".rstrip())
    return found[0]


@requires(Permission.VIEW)
def every(runtime: Runtime) -> Sequence[Service]:
    """Return the services, the test accounts last."""
    return runtime.session.scalars(
        select(Service)
        .where(Service.removed_at.is_(None))
        .order_by(Service.is_test, func.lower(Service.internal_name), Service.id)
    ).all()


def drafted(
    runtime: Runtime, kind: str, draft: ServiceDraft, secrets: Mapping[str, str]
) -> ServiceContext:
    """Return the context of a service that is not stored as it is drafted."""
    return ServiceContext(
        handle=naming.bare(draft.internal_name),
        remote_id=None,
        settings=draft.settings,
        secrets=secrets,
        options=Options(runtime, kind),
        runtime=runtime,
    )


def _ask(runtime: Runtime, kind: str, context: ServiceContext) -> Account:
    runtime.session.commit()  # No transaction is open while the network is asked.
    return connecting.connect(runtime, kind, context)


def wrong_account(kind: str, account: Account, wanted: str) -> ChannelError:
    """Return the fault of keys that open another account than the one that was named."""
    sentence = Notice(
        "wrong_account",
        actual=naming.written(kind, account.handle),
        wanted=naming.written(kind, wanted),
    )
    return ChannelError(sentence, kind=ErrorKind.SENDER, code="wrong_account")


def _refuse_other_name(service: Service, account: Account, name: str) -> None:
    if name.lower() not in (service.internal_name.lower(), account.handle.lower()):
        sentence = _(
            "This service is the account %(name)s. Connect another account as a new service.",
            name=naming.written(service.kind, account.handle),
        )
        raise Invalid(sentence, {"internal_name": sentence})


def _asked_with(
    runtime: Runtime, service: Service, draft: ServiceDraft
) -> tuple[ServiceContext, bool]:
    """Return the context of a service as it was changed, and whether that leaves its session.

    Older keys that somebody types are what the account is asked with from then on.
    """
    older = set(declared.older_keys(runtime.registry.get(service.kind)))
    typed = bool(older & set(draft.secrets))
    if runtime.registry.get(service.kind).sessions is not None and not typed:
        # The session has to last for the call to come; one that no key opens is entered again.
        with suppress(UnreadableSecret):
            _renew(runtime, service, draft)
    secrets = {**readable_secrets(runtime, service.id), **draft.secrets}
    context = drafted(runtime, service.kind, draft, secrets)
    context.remote_id, context.stored = service.remote_id, stored_of(runtime, service.id)
    leaves = typed and bool(session_store.names_of(context))
    return (session_store.without(context) if leaves else context), leaves


def _renew(runtime: Runtime, service: Service, draft: ServiceDraft) -> None:
    """Renew the session of an account, as its app is stored or else as it was typed now."""

    def typed(context: ServiceContext) -> ServiceContext:
        context.settings, context.secrets = draft.settings, {**context.secrets, **draft.secrets}
        return context

    context = context_of(runtime, service)
    try:
        sessions.renewed(runtime, service, context)
    except ChannelError as fault:
        if fault.code != session_ledger.NO_APP:
            raise
        # The network never looked at the token, so it is sent once yet.
        sessions.renewed(runtime, service, typed(context), changed=typed)


def refuse_removed(runtime: Runtime, service: Service) -> None:
    """Raise `NotFound` for a service disconnected while the network was asked: it keeps nothing."""
    runtime.session.refresh(service, with_for_update={"of": Service})
    get(runtime, service.id)


def _apply(runtime: Runtime, service: Service, draft: ServiceDraft) -> None:
    options = draft.options
    service.label = draft.label
    service.settings = dict(draft.settings)
    service.is_test = options.is_test
    service.sync_subscriptions = options.sync_subscriptions
    service.four_eyes = options.four_eyes
    service.daily_cap = options.daily_cap
    service.monthly_budget = options.monthly_budget
    service.time_zone = options.time_zone or service.time_zone
    service.folder = folder(runtime, FolderKind.SERVICES, options.folder)
    service.visitor_folder = folder(runtime, FolderKind.VISITORS, options.visitor_folder)
    service.state, service.fault = ServiceState.CONNECTED, NOTHING
    service.checked_at = runtime.now()


def _lock(runtime: Runtime, service: Service, secrets: Mapping[str, str]) -> None:
    """Keep what was typed, in the place of what its channel remembered by that name."""
    state.forget(runtime, service.id, secrets)
    for name, value in secrets.items():
        runtime.session.merge(
            ServiceSecret(
                service_id=service.id,
                name=name,
                ciphertext=runtime.secret_box.encrypt(value),
                changed_at=runtime.now(),
            )
        )
