"""Imports of answers: a file that was brought, how it is read, and what became of its rows."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.db import SHORT, Base, word
from webapp.kernel.leases import Leased


class ConsentImportState(StrEnum):
    """Where an import stands; its rows are there until it is over."""

    MAPPING = "mapping"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"


class ConsentImport(Leased, Base):
    """A file of answers.

    `columns` are its heads, `mapping` what each column that is read says, by its place, and
    `options` the account, how dates are written, and what counts where a row says nothing. `done`
    rows of `total` were dealt with: those that are a yes or a no, that a later answer outdoes, that
    were known already, or were wrong.
    """

    __tablename__ = "consent_import"
    __table_args__ = (Index(None, "state", "id"),)

    file_name: Mapped[str] = mapped_column(SHORT)
    state: Mapped[ConsentImportState] = mapped_column(word(ConsentImportState))
    columns: Mapped[list[Any]] = mapped_column(default=list)
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    agreed: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    outdone: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    wrong: Mapped[int] = mapped_column(default=0)
    brought_at: Mapped[datetime]
    brought_by: Mapped[str] = mapped_column(SHORT)
    ended_at: Mapped[datetime | None]

    @property
    def label(self) -> str:
        """The file, for the audit."""
        return self.file_name


class ConsentImportPiece(Base):
    """Some rows of a file, each a list of its line and its cells, until they were dealt with."""

    __tablename__ = "consent_import_piece"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("consent_import.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    rows: Mapped[list[Any]]


class ConsentImportFault(Base):
    """A row that was not taken in: its line and the column at fault, and nothing of what it says.

    `code` stands for a sentence.
    """

    __tablename__ = "consent_import_fault"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("consent_import.id", ondelete="CASCADE"), primary_key=True
    )
    line: Mapped[int] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(SHORT)
    code: Mapped[str] = mapped_column(SHORT)
