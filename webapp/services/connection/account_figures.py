"""What networks count of accounts, kept by day whenever an account is read."""

from channels import Account
from webapp.kernel.db import insert_into
from webapp.kernel.runtime import Runtime
from webapp.kernel.time.days import day_of
from webapp.services.limits.windows import zone_of
from webapp.services.models import AccountFigure, Service

NAMES = ("followers", "following", "post_count")


def keep(runtime: Runtime, service: Service, account: Account) -> None:
    """Write what was read of an account; the later reading of a day stays; the caller commits."""
    now = runtime.now()
    for name in NAMES:
        value = getattr(account, name)
        if value is None:
            continue
        row = insert_into(runtime.session, AccountFigure).values(
            service_id=service.id,
            day=day_of(now, zone_of(runtime, service)),
            figure=name,
            value=value,
            read_at=now,
        )
        changed = {key: row.excluded[key] for key in ("value", "read_at")}
        keys = ["service_id", "day", "figure"]
        runtime.session.execute(row.on_conflict_do_update(index_elements=keys, set_=changed))
