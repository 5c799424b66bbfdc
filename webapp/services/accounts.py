"""Connect an account as a service, change it, remove it, find it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sqlalchemy import delete, func, select

from channels import Account, ChannelError, ErrorKind
from webapp.kernel.errors import Conflict, NotFound
from webapp.kernel.runtime import Runtime
from webapp.kernel.words import _
from webapp.services.context import ServiceContext, secrets_of
from webapp.services.folders import folder
from webapp.services.models import FolderKind, Service, ServiceSecret, ServiceState
from webapp.services.snapshot import of_account


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOptions:
    """What an operator chooses about a service beside its keys."""

    is_test: bool = False
    sync_subscriptions: bool = True
    folder: str = "Services"
    visitor_folder: str = "Visitors"
    daily_cap: int = 250
    monthly_budget: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDraft:
    """A service as it was typed in; secrets are by field name."""

    label: str
    internal_name: str
    settings: Mapping[str, object]
    secrets: Mapping[str, str] = field(repr=False)
    options: ServiceOptions = field(default_factory=ServiceOptions)


def connect(runtime: Runtime, kind: str, draft: ServiceDraft) -> Service:
    """Ask the live account first, then store the service; raise `ChannelError` or `Conflict`."""
    account = _ask(runtime, kind, draft)
    _refuse_second(runtime, kind, account)
    now = runtime.now()
    service = Service(
        kind=kind,
        label=draft.label,
        internal_name=account.handle,
        remote_id=account.remote_id,
        settings=dict(draft.settings),
        state=ServiceState.CONNECTED,
        account=of_account(account),
        created_at=now,
        checked_at=now,
    )
    _apply(runtime, service, draft.options)
    runtime.session.add(service)
    runtime.session.flush()  # The secrets need the id.
    _lock(runtime, service, draft.secrets)
    runtime.record("service.connect", service, internal_name=service.internal_name)
    runtime.session.commit()
    return service


def change(runtime: Runtime, service_id: int, draft: ServiceDraft) -> Service:
    """Change a service after asking the live account; a secret left out stays as it is."""
    service = get(runtime, service_id)
    secrets = {**secrets_of(runtime, service.id), **draft.secrets}
    account = _ask(runtime, service.kind, replace(draft, secrets=secrets), service.remote_id)
    service.label = draft.label
    service.settings = dict(draft.settings)
    service.state, service.fault = ServiceState.CONNECTED, ""
    service.account, service.checked_at = of_account(account), runtime.now()
    _apply(runtime, service, draft.options)
    _lock(runtime, service, draft.secrets)
    runtime.record("service.change", service, secrets=sorted(draft.secrets))
    runtime.session.commit()
    return service


def remove(runtime: Runtime, service_id: int) -> None:
    """Disconnect an account: its secrets are erased, its history stays."""
    service = get(runtime, service_id)
    service.removed_at = runtime.now()
    runtime.session.execute(delete(ServiceSecret).where(ServiceSecret.service_id == service.id))
    runtime.record("service.remove", service)
    runtime.session.commit()


def get(runtime: Runtime, service_id: int) -> Service:
    """Return one service; raise `NotFound`."""
    found = runtime.session.get(Service, service_id)
    if found is None or found.removed_at:
        raise NotFound(_("There is no such service."))
    return found


def find(runtime: Runtime, internal_name: str) -> Service:
    """Return the service of an account's handle, whatever its case; raise `NotFound`."""
    handle = internal_name.removeprefix("@")
    found = runtime.session.scalar(
        select(Service).where(
            func.lower(Service.internal_name) == handle.lower(), Service.removed_at.is_(None)
        )
    )
    if found is None:
        raise NotFound(_("No service is connected to @%(name)s.", name=handle))
    return found


def every(runtime: Runtime) -> Sequence[Service]:
    """Return the services, the test accounts last."""
    return runtime.session.scalars(
        select(Service)
        .where(Service.removed_at.is_(None))
        .order_by(Service.is_test, func.lower(Service.internal_name))
    ).all()


def _ask(runtime: Runtime, kind: str, draft: ServiceDraft, remote_id: str | None = None) -> Account:
    """Return the live account; refuse one of another name, or another account on a change."""
    context = ServiceContext(
        handle=draft.internal_name,
        remote_id=remote_id,
        settings=draft.settings,
        secrets=draft.secrets,
        config=runtime.registry.config(kind),
        memory={},
        runtime=runtime,
    )
    runtime.session.commit()  # No transaction is open while the network is asked.
    account = runtime.registry.get(kind).connection.connect(context)
    if remote_id:
        right = account.remote_id == remote_id
    else:
        right = account.handle.lower() == draft.internal_name.lower()
    if not right:
        raise ChannelError(
            _(
                "These keys belong to @%(actual)s, not to @%(wanted)s. Use the keys of "
                "@%(wanted)s, or change the internal name.",
                actual=account.handle,
                wanted=draft.internal_name,
            ),
            kind=ErrorKind.SENDER,
            code="wrong_account",
        )
    return account


def _refuse_second(runtime: Runtime, kind: str, account: Account) -> None:
    taken = runtime.session.scalar(
        select(Service).where(
            Service.kind == kind,
            Service.remote_id == account.remote_id,
            Service.removed_at.is_(None),
        )
    )
    if taken:
        raise Conflict(
            _(
                "@%(name)s is connected already, as “%(label)s”. Change that service instead.",
                name=account.handle,
                label=taken.label,
            )
        )


def _apply(runtime: Runtime, service: Service, options: ServiceOptions) -> None:
    service.is_test = options.is_test
    service.sync_subscriptions = options.sync_subscriptions
    service.daily_cap = options.daily_cap
    service.monthly_budget = options.monthly_budget
    service.folder = folder(runtime, FolderKind.SERVICES, options.folder)
    service.visitor_folder = folder(runtime, FolderKind.VISITORS, options.visitor_folder)


def _lock(runtime: Runtime, service: Service, secrets: Mapping[str, str]) -> None:
    for name, value in secrets.items():
        runtime.session.merge(
            ServiceSecret(
                service_id=service.id,
                name=name,
                locked=runtime.vault.lock(value),
                changed_at=runtime.now(),
            )
        )
