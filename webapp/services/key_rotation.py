"""The keys that the secrets of services are encrypted with."""

from sqlalchemy import select

from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.sealed import SealedValue
from webapp.services.models import ServiceSecret, StateValue


@requires(Permission.ADMIN)
def rotate(runtime: Runtime) -> int:
    """Encrypt every secret again with the newest key, or none; return how many there are.

    Raise `Conflict` while a running process lacks that key, for it could open no secret any more,
    and `UnreadableSecret` when no key opens one of them.
    """
    _refuse_unready(runtime)
    # A secret that is changed meanwhile must not get its old value back.
    rows = runtime.session.scalars(select(ServiceSecret).with_for_update()).all()
    for row in rows:
        row.ciphertext = runtime.secret_box.rotate(row.ciphertext)
    secrets = select(StateValue).where(StateValue.ciphertext.is_not(None)).with_for_update()
    known = runtime.session.scalars(secrets).all()
    for value in known:
        value.ciphertext = runtime.secret_box.rotate(value.ciphertext) if value.ciphertext else None
    sealed = runtime.session.scalars(select(SealedValue).with_for_update()).all()
    for item in sealed:
        item.ciphertext = runtime.secret_box.rotate(item.ciphertext)
    number = len(rows) + len(known) + len(sealed)
    runtime.record("keys.rotate", runtime.secret_box, secrets=number)
    runtime.session.commit()
    return number


def _refuse_unready(runtime: Runtime) -> None:
    told = runtime.queue.told()
    if told is None:
        # The broker of an instance's own ends with its processes: nobody is left to lack a key.
        if not runtime.settings.redis_url:
            return
        raise Conflict(
            _(
                "The broker does not answer, so nobody knows which keys the running processes "
                "hold. Start it, then rotate the keys."
            )
        )
    lacking = sorted(str(one) for one in told if runtime.secret_box.names[0] not in one.keys)
    if lacking:
        raise Conflict(
            _(
                "These running processes do not hold the new key: %(names)s. Start them again with "
                "the same FANFARE_ENCRYPTION_KEYS, then rotate. One that has ended is forgotten "
                "within a minute.",
                names=", ".join(lacking),
            )
        )
