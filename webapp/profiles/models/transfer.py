"""Imports: a file that was brought, how it is read, and what became of its rows."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.db import SHORT, Base, word
from webapp.kernel.leases import Leased


class ImportState(StrEnum):
    """Where an import stands; its rows are there until it is over."""

    MAPPING = "mapping"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"


class ProfileImport(Leased, Base):
    """A file of profiles.

    `columns` are its heads, `mapping` the field of each column that is read, by its place, and
    `options` how dates are written and what becomes of known values. `done` rows of `total` were
    dealt with: those that made a profile, changed one, changed nothing, or were wrong.
    """

    __tablename__ = "profile_import"
    __table_args__ = (Index(None, "state", "id"),)

    file_name: Mapped[str] = mapped_column(SHORT)
    state: Mapped[ImportState] = mapped_column(word(ImportState))
    columns: Mapped[list[Any]] = mapped_column(default=list)
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    made: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    wrong: Mapped[int] = mapped_column(default=0)
    brought_at: Mapped[datetime]
    brought_by: Mapped[str] = mapped_column(SHORT)
    ended_at: Mapped[datetime | None]

    @property
    def label(self) -> str:
        """The file, for the audit."""
        return self.file_name


class ProfileImportPiece(Base):
    """Some rows of a file, each a list of its line and its cells, until they were read."""

    __tablename__ = "profile_import_piece"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("profile_import.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    rows: Mapped[list[Any]]


class ProfileImportFault(Base):
    """A row that was not read: its line and the field at fault, and nothing of what it says.

    `code` stands for a sentence.
    """

    __tablename__ = "profile_import_fault"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("profile_import.id", ondelete="CASCADE"), primary_key=True
    )
    line: Mapped[int] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(SHORT)
    code: Mapped[str] = mapped_column(SHORT)
