"""Workflows, their runs, the journal of a run, and the pulse of the background processes."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from webapp.kernel.db import SHORT, Base, word
from webapp.kernel.folders import Folder
from webapp.kernel.leases import Leased
from webapp.kernel.text.notices import NOTHING, Notice, NoticeText
from webapp.workflows import sentences  # noqa: F401 - rows are read with them


class WorkflowState(StrEnum):
    """Whether the schedule of a workflow is followed."""

    STARTED = "started"
    PAUSED = "paused"
    STOPPED = "stopped"


class Workflow(Base):
    """A technical job with a schedule; `job` and `kind` say which task it runs."""

    __tablename__ = "workflow"
    __table_args__ = (UniqueConstraint("job", "kind"), Index(None, "state", "next_run_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    # Such as `synchronise`; `kind` is the channel it works for, empty for the core's own.
    job: Mapped[str] = mapped_column(SHORT)
    kind: Mapped[str] = mapped_column(SHORT, default="")
    name: Mapped[str] = mapped_column(SHORT)
    folder_id: Mapped[int] = mapped_column(ForeignKey("folder.id"))
    state: Mapped[WorkflowState] = mapped_column(word(WorkflowState))
    schedule: Mapped[str] = mapped_column(SHORT)
    time_zone: Mapped[str] = mapped_column(SHORT)
    next_run_at: Mapped[datetime | None]

    folder: Mapped[Folder] = relationship()


class RunState(StrEnum):
    """Where a run stands; `waiting` goes on at `resume_at`."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


OPEN = frozenset({RunState.QUEUED, RunState.RUNNING, RunState.WAITING})


class Run(Leased, Base):
    """One execution of a workflow; it resumes from its own row after any crash.

    Each write of a loaded run asks for the token of its lease, so that a worker whose run another
    took over changes nothing, and fails with a `StaleDataError` instead.
    """

    __tablename__ = "run"
    __table_args__ = (Index(None, "workflow_id", "id"), Index(None, "state", "resume_at"))

    workflow_id: Mapped[int] = mapped_column(ForeignKey("workflow.id", ondelete="CASCADE"))
    state: Mapped[RunState] = mapped_column(word(RunState))
    # Nobody where its schedule did.
    started_by: Mapped[str] = mapped_column(SHORT)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    resume_at: Mapped[datetime]
    stop_asked: Mapped[bool] = mapped_column(default=False)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    checkpoint: Mapped[dict[str, Any]] = mapped_column(default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[Notice] = mapped_column(NoticeText, default=NOTHING)

    workflow: Mapped[Workflow] = relationship()

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - the class, as SQLAlchemy wants it
        """Let the token be the version of the row that each write asks for."""
        return {"version_id_col": cls.lease_token, "version_id_generator": False}


class RunEntry(Base):
    """One line of a run's journal."""

    __tablename__ = "run_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    level: Mapped[str] = mapped_column(SHORT)
    text: Mapped[Notice] = mapped_column(NoticeText)
