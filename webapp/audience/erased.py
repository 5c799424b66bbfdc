"""People who were erased: no list of a network brings them back, and nobody can read who they were.

Each is kept as a keyed hash alone. The key lies encrypted in the database, so that whoever has a
copy of it cannot try all ids of a network. Somebody who writes to an account again comes back by
their own wish, as anybody who writes for the first time.
"""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select, text

from channels import Person
from webapp.audience.models import ErasedPerson
from webapp.kernel import sealed
from webapp.kernel.db import dialect_of, insert_into
from webapp.kernel.runtime import Runtime

KEY = "erased_people"


def let_nobody_in(runtime: Runtime) -> None:
    """Wait for whoever reads people in just now, and let others wait until the transaction ends.

    Somebody who looked before an erasure, and writes after it, would bring the person back. Who
    makes a backup only reads, and is waited for by nobody.
    """
    _lock(runtime, "EXCLUSIVE")


def read_in(runtime: Runtime) -> None:
    """Let nobody be erased before the transaction ends; call it before any row is locked.

    Whoever is erasing meanwhile may wait for such a row, and would be waited for.
    """
    _lock(runtime, "ROW SHARE")


def _lock(runtime: Runtime, mode: str) -> None:
    """Lock the table of who was erased; on SQLite whoever writes is alone already."""
    if dialect_of(runtime.session) == "postgresql":
        table = ErasedPerson.__tablename__
        runtime.session.execute(text(f"LOCK TABLE {table} IN {mode} MODE"))


def remember(runtime: Runtime, kind: str, remote_id: str) -> None:
    """Let nobody read a person in again whom a network, or a file, means so; the caller commits."""
    key = sealed.kept(runtime, KEY, lambda: secrets.token_hex(32))
    row = {"hash": _hash(key, kind, remote_id), "erased_at": runtime.now()}
    insert = insert_into(runtime.session, ErasedPerson.__table__).values(row)
    again = insert.on_conflict_do_update(
        index_elements=["hash"], set_={"erased_at": insert.excluded.erased_at}
    )
    runtime.session.execute(again)


def without(runtime: Runtime, kind: str, people: Sequence[Person]) -> Sequence[Person]:
    """Return people but for those who were erased."""
    gone = among(runtime, kind, [person.remote_id for person in people])
    return [person for person in people if person.remote_id not in gone] if gone else people


def among(runtime: Runtime, kind: str, remote_ids: Collection[str]) -> dict[str, datetime]:
    """Return who of these people was erased, and when; nobody else is before the commit."""
    read_in(runtime)
    if runtime.session.scalar(select(ErasedPerson.hash).limit(1)) is None:
        return {}
    key = sealed.read(runtime, KEY) or ""
    hashes = {_hash(key, kind, remote_id): remote_id for remote_id in remote_ids}
    rows = select(ErasedPerson.hash, ErasedPerson.erased_at).where(ErasedPerson.hash.in_(hashes))
    return {hashes[found]: at for found, at in runtime.session.execute(rows)}


def came_back(runtime: Runtime, kind: str, remote_ids: Collection[str]) -> None:
    """Forget that people were erased who wrote to an account since; the caller commits."""
    key = sealed.read(runtime, KEY) if remote_ids else None
    if key is not None:
        hashes = [_hash(key, kind, remote_id) for remote_id in remote_ids]
        runtime.session.execute(delete(ErasedPerson).where(ErasedPerson.hash.in_(hashes)))


def _hash(key: str, kind: str, remote_id: str) -> str:
    """Return HMAC-SHA-256 of whom a network means, in hexadecimal."""
    return hmac.new(key.encode(), f"{kind}\n{remote_id}".encode(), hashlib.sha256).hexdigest()
