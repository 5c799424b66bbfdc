"""The live account behind a service: asked through its channel, kept for pages."""

from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from channels import Account, Operation, RemotePost
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.text.notices import NOTHING, Notice
from webapp.services import costs
from webapp.services.connection import account_figures
from webapp.services.models import Service, ServiceState


def store_snapshot(runtime: Runtime, service: Service, account: Account) -> Decimal:
    """Keep the account just read, follow a rename, and return what that call cost.

    The caller commits.
    """
    cost = _charge(runtime, service)
    service.account, service.account_read_at = of_account(account), runtime.now()
    account_figures.keep(runtime, service, account)
    if account.handle != service.internal_name:
        before, service.internal_name = service.internal_name, account.handle
        runtime.record("service.rename", service, before=before, after=account.handle)
    return cost


def lacks(service: Service) -> dict[str, Notice]:
    """Return what the token of a service does not allow, by operation, each with its fix."""
    kept = service.account.get("lacks", {})
    return {name: notices.of(notices.read(why)) for name, why in kept.items()}


def standing(runtime: Runtime, service: Service) -> tuple[ServiceState, Notice]:
    """Return what the token makes of a service, and what it lacks with its fix.

    A token with which something can go out is of use: what needs more is refused where it is made.
    """
    missing = lacks(service)
    has = runtime.registry.get(service.kind).capabilities
    sends = {"posts": Operation.POST, "directs": Operation.DIRECT}
    useful = any(part in has and item.name not in missing for part, item in sends.items())
    state = ServiceState.CONNECTED if useful or not missing else ServiceState.NEEDS_FIXING
    return state, next(iter(missing.values()), NOTHING)


def _charge(runtime: Runtime, service: Service) -> Decimal:
    """Count the reading of an account; some networks give it again on the same day for nothing."""
    last = service.account_read_at
    again = last is not None and last.date() == costs.today(runtime)
    if again and costs.free_again(runtime, service, Operation.ACCOUNT):
        return costs.NOTHING
    return costs.charge(runtime, service, Operation.ACCOUNT)


def of_account(account: Account) -> dict[str, Any]:
    """Return the account as plain JSON."""
    return asdict(replace(account, lacks={}, posts=())) | {
        "lacks": {item.name: notices.plain(fix) for item, fix in account.lacks.items()},
        "posts": [_of_post(post) for post in account.posts],
    }


def _of_post(post: RemotePost) -> dict[str, Any]:
    return {
        "remote_id": post.remote_id,
        "text": post.text,
        "posted_at": post.posted_at.isoformat(),
        "figures": dict(post.figures),
    }
