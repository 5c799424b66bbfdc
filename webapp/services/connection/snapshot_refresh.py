"""Reads the live account behind a service when somebody looks at it."""

from datetime import timedelta

from channels import Account, ChannelError, ErrorKind
from webapp.kernel.errors import FanfareError
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.time.expiry import lately
from webapp.services.client import Client
from webapp.services.connection import account_snapshot, accounts, doctor
from webapp.services.limits.quota import LimitReached
from webapp.services.models import Service, ServiceState

# Networks charge for what is read, so a page that is loaded again shows the same.
FRESH = timedelta(minutes=1)


@requires(Permission.VIEW)
def read(runtime: Runtime, service: Service) -> str:
    """Ask the network for the account and keep it; return why that failed, else nothing."""
    if is_fresh(runtime, service):
        return ""
    try:
        account_snapshot.store_snapshot(runtime, service, _ask(runtime, service))
    except LimitReached:
        return _("The limit for reading this account is used up. Look again in a while.")
    except ChannelError as fault:
        if fault.kind is ErrorKind.SENDER:
            doctor.needs_fixing(runtime, service, notices.of(fault.message))
        runtime.session.commit()
        return fault.message
    except FanfareError as fault:
        return fault.message
    runtime.session.commit()
    return ""


@requires(Permission.VIEW)
def is_fresh(runtime: Runtime, service: Service) -> bool:
    """Tell whether the account was read a moment ago, and nothing is known against it."""
    at = service.account_read_at
    works = service.state is ServiceState.CONNECTED
    return at is not None and works and lately(at, runtime.now(), FRESH)


def _ask(runtime: Runtime, service: Service) -> Account:
    account = Client(runtime, service).account()
    if account.remote_id != service.remote_id:
        raise accounts.wrong_account(service.kind, account, service.internal_name)
    return account
