"""What a channel remembers about a service: a row for each key, so that no worker loses another's.

A secret one is encrypted as those of the form are, and stands in front of the field of its name:
a network that hands out new tokens is asked with the newest.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update

from webapp.kernel.db import insert_into
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service, ServiceSecret, StateValue

# A service, and the name of what is remembered about it.
Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Remembered:
    """A value, and whether it is kept encrypted."""

    value: str
    secret: bool = False


def changes(runtime: Runtime, service_id: int) -> None:
    """Let whoever holds secrets of a service for a while read them again; the caller commits.

    It comes before the change of their rows, so that everybody locks the account first.
    """
    runtime.session.execute(
        update(Service)
        .where(Service.id == service_id)
        .values(secrets_version=Service.secrets_version + 1)
        .execution_options(synchronize_session=False)
    )


def write(runtime: Runtime, service_id: int, values: Mapping[str, Remembered]) -> None:
    """Keep these values and leave every other as it is; the caller commits."""
    changes(runtime, service_id)
    for name, item in sorted(values.items()):
        row = insert_into(runtime.session, StateValue).values(
            service_id=service_id, name=name, version=1, **_columns(runtime, item)
        )
        changed = {column: row.excluded[column] for column in ("text", "ciphertext", "changed_at")}
        runtime.session.execute(
            row.on_conflict_do_update(
                index_elements=["service_id", "name"],
                set_=changed | {"version": StateValue.version + 1},
            )
        )


def swap(runtime: Runtime, key: Key, old: str, new: Remembered) -> tuple[bool, str]:
    """Change a value where it is `old` still; tell whether that was done, and what it is; commits.

    As long as nothing was remembered, a secret is what stands in the field of its name. Of several
    that change it at once one succeeds: each names the version it has read.
    """
    _lock(runtime, key[0])
    found, version = _now(runtime, key, secret=new.secret)
    done = found == old and _replace(runtime, key, new, version)
    runtime.session.commit()
    return done, new.value if done else found


def swap_all(
    runtime: Runtime,
    service_id: int,
    old: Mapping[str, str],
    new: Mapping[str, Remembered],
) -> bool:
    """Change several values where all are `old` still, or none; the caller commits.

    All of what was changed before one that does not fit is rolled back, so nothing else may stand
    in the transaction.
    """
    _lock(runtime, service_id)
    for name in sorted(new):
        key = (service_id, name)
        found, version = _now(runtime, key, secret=new[name].secret)
        if found != old[name] or not _replace(runtime, key, new[name], version):
            runtime.session.rollback()
            return False
    return True


def _lock(runtime: Runtime, service_id: int) -> None:
    """Lock the account, as whoever types its keys anew does, until the transaction ends."""
    account = select(Service.id).where(Service.id == service_id)
    runtime.session.execute(account.with_for_update(key_share=True))


def _now(runtime: Runtime, key: Key, *, secret: bool) -> tuple[str, int | None]:
    """Return what a value is now, and the version of its row, if it has one.

    The field is read anew: what a worker has read of it may have been typed over meanwhile, and a
    session that is taken for the present one would hide the keys that somebody just entered.
    """
    row = runtime.session.get(StateValue, key, populate_existing=True)
    if row is not None:
        return value_of(runtime, row), row.version
    service_id, name = key
    typed = select(ServiceSecret.ciphertext).where(
        ServiceSecret.service_id == service_id, ServiceSecret.name == name
    )
    ciphertext = runtime.session.scalar(typed) if secret else None
    return "" if ciphertext is None else runtime.secret_box.decrypt(ciphertext), None


def _replace(runtime: Runtime, key: Key, new: Remembered, version: int | None) -> bool:
    (service_id, name), columns = key, _columns(runtime, new)
    changes(runtime, service_id)
    change: Any
    if version is None:
        values = {"service_id": service_id, "name": name, "version": 1, **columns}
        change = insert_into(runtime.session, StateValue).values(**values).on_conflict_do_nothing()
    else:
        change = (
            update(StateValue)
            .where(
                StateValue.service_id == service_id,
                StateValue.name == name,
                StateValue.version == version,
            )
            .values(version=version + 1, **columns)
            .execution_options(synchronize_session=False)
        )
    # The row count of an INSERT is -1 on PostgreSQL, whether it found a row there or not.
    return runtime.session.execute(change.returning(StateValue.version)).first() is not None


def forget(runtime: Runtime, service_id: int, names: Collection[str] | None = None) -> None:
    """Forget these values, or all; the caller commits."""
    changes(runtime, service_id)
    rows = delete(StateValue).where(StateValue.service_id == service_id)
    if names is not None:
        rows = rows.where(StateValue.name.in_(names))
    runtime.session.execute(rows)


def value_of(runtime: Runtime, row: StateValue) -> str:
    """Return a value in plain words."""
    return row.text if row.ciphertext is None else runtime.secret_box.decrypt(row.ciphertext)


def _columns(runtime: Runtime, item: Remembered) -> dict[str, object]:
    ciphertext = runtime.secret_box.encrypt(item.value) if item.secret else None
    text = "" if item.secret else item.value
    return {"text": text, "ciphertext": ciphertext, "changed_at": runtime.now()}
