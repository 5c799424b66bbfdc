"""The keys that the secrets of services are encrypted with."""

from sqlalchemy import select

from webapp.kernel.runtime import Runtime
from webapp.services.models import ServiceSecret


def rotate(runtime: Runtime) -> int:
    """Encrypt every secret again with the newest key, or none; return how many there are.

    Raise `UnreadableSecret` when no key opens one of them.
    """
    # A secret that is changed meanwhile must not get its old value back.
    rows = runtime.session.scalars(select(ServiceSecret).with_for_update()).all()
    for row in rows:
        row.locked = runtime.vault.rotate(row.locked)
    runtime.record("keys.rotate", runtime.vault, secrets=len(rows))
    runtime.session.commit()
    return len(rows)
