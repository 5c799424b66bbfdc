"""Folders by name; one that is missing is made."""

from enum import StrEnum

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.db import SHORT, Base, word
from webapp.kernel.runtime import Runtime


class FolderKind(StrEnum):
    """What a folder holds."""

    SERVICES = "services"
    VISITORS = "visitors"
    WORKFLOWS = "workflows"


class Folder(Base):
    """A named place for things of one kind."""

    __tablename__ = "folder"
    __table_args__ = (UniqueConstraint("kind", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[FolderKind] = mapped_column(word(FolderKind))
    name: Mapped[str] = mapped_column(SHORT)


def folder(runtime: Runtime, kind: FolderKind, name: str) -> Folder:
    """Return the folder of that name; the caller commits."""
    wanted = name.strip() or kind.value.title()
    found = runtime.session.scalar(select(Folder).where(Folder.kind == kind, Folder.name == wanted))
    if found is None:
        found = Folder(kind=kind, name=wanted)
        runtime.session.add(found)
        runtime.session.flush()  # Bulk statements need the id.
    return found
