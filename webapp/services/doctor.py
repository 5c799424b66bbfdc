"""The doctor: runs a channel's checks, keeps what they found, follows renames."""

from collections.abc import Iterator
from dataclasses import asdict

from channels import Account, ChannelError, Check, CheckState
from webapp.kernel.runtime import Runtime
from webapp.services.accounts import get
from webapp.services.calls import calling
from webapp.services.models import Service, ServiceState
from webapp.services.snapshot import of_account


def diagnose(runtime: Runtime, service_id: int) -> list[Check]:
    """Run every check and return them all."""
    return list(diagnose_stream(runtime, service_id))


def diagnose_stream(runtime: Runtime, service_id: int) -> Iterator[Check]:
    """Yield each check as it ends; what was found is stored at the end."""
    service = get(runtime, service_id)
    channel = runtime.registry.get(service.kind)
    checks: list[Check] = []
    with calling(runtime, service) as context:
        for check in channel.connection.diagnose(context):
            checks.append(check)
            yield check
        account = _account(runtime, service, checks)
    _keep(runtime, service, checks, account)


def _account(runtime: Runtime, service: Service, checks: list[Check]) -> Account | None:
    """Read the live account when the checks say that it can be read."""
    if any(check.state is CheckState.ERROR for check in checks):
        return None
    channel = runtime.registry.get(service.kind)
    try:
        with calling(runtime, service) as context:
            return channel.connection.connect(context)
    except ChannelError:
        return None


def _keep(runtime: Runtime, service: Service, checks: list[Check], account: Account | None) -> None:
    faults = [check for check in checks if check.state is CheckState.ERROR]
    before = service.state
    service.checks = [{**asdict(check), "state": check.state.value} for check in checks]
    service.checked_at = runtime.now()
    service.state = ServiceState.NEEDS_FIXING if faults else ServiceState.CONNECTED
    service.fault = sentence(faults[0]) if faults else ""
    if account:
        adopt(runtime, service, account)
    if before is not service.state:
        runtime.record("service.state", service, state=service.state.value, fault=service.fault)
    runtime.session.commit()


def sentence(check: Check) -> str:
    """Return a failed check as one sentence with its fix."""
    return f"{check.detail or check.label} {check.fix}".strip()


def adopt(runtime: Runtime, service: Service, account: Account) -> None:
    """Keep the live account, and follow it when it was renamed; the caller commits."""
    service.account = of_account(account)
    if account.handle != service.internal_name:
        before, service.internal_name = service.internal_name, account.handle
        runtime.record("service.rename", service, before=before, after=account.handle)


def needs_fixing(runtime: Runtime, service: Service, fault: str) -> None:
    """Mark a service whose account, token or credit is at fault; the caller commits."""
    if service.state is not ServiceState.NEEDS_FIXING or service.fault != fault:
        runtime.record("service.state", service, state="needs_fixing", fault=fault)
    service.state = ServiceState.NEEDS_FIXING
    service.fault = fault
