"""Values of the whole instance that are stored encrypted, such as the key of a keyed hash."""

from collections.abc import Callable

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.db import SHORT, Base, insert_into
from webapp.kernel.runtime import Runtime


class SealedValue(Base):
    """One value by its name, locked with the instance's encryption keys."""

    __tablename__ = "sealed_value"

    name: Mapped[str] = mapped_column(SHORT, primary_key=True)
    ciphertext: Mapped[bytes]


def read(runtime: Runtime, name: str) -> str | None:
    """Return a value, nothing while there is none; raise `UnreadableSecret` when no key fits."""
    found = runtime.session.scalar(select(SealedValue.ciphertext).where(SealedValue.name == name))
    return None if found is None else runtime.secret_box.decrypt(found)


def kept(runtime: Runtime, name: str, make: Callable[[], str]) -> str:
    """Return a value; the first who asks makes it, and the caller commits it."""
    row = {"name": name, "ciphertext": runtime.secret_box.encrypt(make())}
    insert = insert_into(runtime.session, SealedValue.__table__).on_conflict_do_nothing()
    if read(runtime, name) is None:
        runtime.session.execute(insert, row)
    return read(runtime, name) or ""


def put(runtime: Runtime, name: str, value: str) -> None:
    """Write a value in place of any former one; the caller commits."""
    row = {"name": name, "ciphertext": runtime.secret_box.encrypt(value)}
    insert = insert_into(runtime.session, SealedValue.__table__)
    new = {"ciphertext": insert.excluded.ciphertext}
    runtime.session.execute(insert.on_conflict_do_update(index_elements=["name"], set_=new), row)


def remove(runtime: Runtime, name: str) -> bool:
    """Remove a value and tell whether there was one; the caller commits."""
    gone = delete(SealedValue).where(SealedValue.name == name).returning(SealedValue.name)
    return runtime.session.execute(gone).first() is not None


def has(runtime: Runtime, name: str) -> bool:
    """Tell whether there is a value, whether or not a key fits."""
    found = select(SealedValue.name).where(SealedValue.name == name)
    return runtime.session.scalar(found) is not None
