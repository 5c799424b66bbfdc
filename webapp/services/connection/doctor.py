"""The doctor: runs a channel's checks, keeps what they found, follows renames."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from channels import Account, ChannelError, Check, CheckState, Operation
from webapp.kernel.errors import FanfareError
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.text.notices import NOTHING, Notice
from webapp.services.channel import reachability
from webapp.services.channel.connecting import diagnose as diagnose_with
from webapp.services.client import Client
from webapp.services.connection import account_snapshot
from webapp.services.connection.accounts import drafted, get
from webapp.services.connection.drafts import ServiceDraft
from webapp.services.models import Service, ServiceState

log = logging.getLogger(__name__)


def why_unfit(service: Service, operation: Operation) -> Notice:
    """Return why a service cannot do what a delivery needs, as far as is known; else nothing."""
    fault = account_snapshot.lacks(service).get(operation.name, NOTHING)
    if service.removed_at:
        fault = Notice("disconnected")
    elif service.state is ServiceState.NEEDS_FIXING:
        fault = service.fault or Notice("needs_fixing")
    return Notice("cannot_send", name=service.shown_name, fault=fault) if fault else NOTHING


@requires(Permission.WRITE)
def diagnose(runtime: Runtime, service_id: int) -> list[Check]:
    """Run every check and return them all."""
    return list(diagnose_stream(runtime, service_id))


@requires(Permission.WRITE)
def diagnose_stream(runtime: Runtime, service_id: int) -> Iterator[Check]:
    """Yield each check as it ends; what was found is stored at the end."""
    service = get(runtime, service_id)
    checks: list[Check] = []
    for check in _checks(runtime, service):
        checks.append(check)
        yield check
    account = None if _errors(checks) else _account(runtime, service)
    _keep(runtime, service, checks, account=account)


@requires(Permission.ADMIN)
def try_out(runtime: Runtime, kind: str, draft: ServiceDraft) -> list[Check]:
    """Run every check on what was typed; nothing is stored."""
    runtime.session.commit()  # No transaction is open while the network is asked.
    context = drafted(runtime, kind, draft, draft.secrets)
    return list(_told(diagnose_with(runtime, kind, context)))


def _checks(runtime: Runtime, service: Service) -> Iterator[Check]:
    """Yield what the channel finds; whatever keeps it from looking is a failed check itself."""
    before = service.unreachable_since
    yield from _told(Client(runtime, service).checks())
    # It ends well also where nothing was reached; that all is well is kept with the checks.
    service.unreachable_since = before
    runtime.session.commit()


def _told(checks: Iterator[Check]) -> Iterator[Check]:
    try:
        yield from checks
    except (ChannelError, FanfareError) as fault:
        yield _failed(fault.message)


def _failed(detail: str) -> Check:
    return Check(
        code="checkable", label=Notice("can_be_checked"), state=CheckState.ERROR, detail=detail
    )


def _account(runtime: Runtime, service: Service) -> Account | None:
    """Read the live account; the checks passed, so a stumble now is no fault of the service."""
    try:
        return Client(runtime, service).account(counted=False)
    except ChannelError as fault:
        log.info("The account of %s was not read: %s", service.internal_name, fault.code)
        return None


def _keep(
    runtime: Runtime, service: Service, checks: Sequence[Check], *, account: Account | None
) -> None:
    faults = _errors(checks)
    service.checks = [notices.plain(asdict(check)) for check in checks]
    service.checked_at = runtime.now()
    if account:
        account_snapshot.store_snapshot(runtime, service, account)
    if faults:
        needs_fixing(runtime, service, sentence(faults[0]))
    else:
        works(runtime, service)
        reachability.note(runtime, service, None)
    runtime.session.commit()


def _errors(checks: Sequence[Check]) -> list[Check]:
    return [check for check in checks if check.state is CheckState.ERROR]


def sentence(check: Check) -> Notice:
    """Return a failed check as one sentence with its fix."""
    return notices.together(check.detail or check.label, check.fix)


def needs_fixing(runtime: Runtime, service: Service, fault: Notice) -> None:
    """Mark a service whose account, token or credit is at fault; the caller commits."""
    _turn(runtime, service, ServiceState.NEEDS_FIXING, fault)


def works(runtime: Runtime, service: Service) -> None:
    """Mark a service that can be used, as far as its token allows; the caller commits."""
    _turn(runtime, service, *account_snapshot.standing(runtime, service))


def _turn(runtime: Runtime, service: Service, state: ServiceState, fault: Notice) -> None:
    if (service.state, service.fault) != (state, fault):
        runtime.record("service.state", service, state=state.value, fault=notices.plain(fault))
    service.state, service.fault = state, fault
