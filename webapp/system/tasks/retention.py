"""The task *clean-up*: what is older than its time leaves, in batches that block nobody."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.orm import DeclarativeBase

from webapp.audience import evidence
from webapp.audience.models import InboundNote
from webapp.deliveries import counts
from webapp.deliveries.models import Delivery, DeliveryState, Message
from webapp.kernel.audit import AuditEntry
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice
from webapp.operators.authentication.sessions import KNOWN_FOR
from webapp.operators.models import LoginSession, LoginThrottle
from webapp.workflows.models import Run, RunState
from webapp.workflows.runs import Done, More, Step, journal

HALF_A_YEAR = timedelta(days=183)
BATCH = 2_000
ENDED = (RunState.DONE, RunState.FAILED, RunState.STOPPED)
OVER = (DeliveryState.FINISHED, DeliveryState.STOPPED)

Rule = tuple[str, type[DeclarativeBase], timedelta, Callable[[datetime], ColumnElement[bool]]]

RULES: tuple[Rule, ...] = (
    ("messages", Message, HALF_A_YEAR, lambda before: Message.delivery_id.in_(_over(before))),
    ("audit", AuditEntry, timedelta(days=180), lambda before: AuditEntry.at < before),
    (
        "runs",
        Run,
        timedelta(days=90),
        lambda before: (Run.ended_at < before) & Run.state.in_(ENDED),
    ),
    ("sessions", LoginSession, KNOWN_FOR, lambda before: LoginSession.seen_at < before),
    (
        "inbound",
        InboundNote,
        HALF_A_YEAR,
        lambda before: (InboundNote.received_at < before) & ~evidence.leans_on_note(),
    ),
    ("throttle", LoginThrottle, timedelta(days=1), lambda before: LoginThrottle.failed_at < before),
)


def _over(before: datetime) -> Select[int]:
    return select(Delivery.id).where(Delivery.state.in_(OVER), Delivery.finished_at < before)


def step(runtime: Runtime, run: Run) -> Step:
    """Remove one batch; the run ends when no rule finds anything more."""
    at = run.place.get("rule", 0)
    if at >= len(RULES):
        return Done()
    name, model, age, old = RULES[at]
    going = old(runtime.now() - age)
    if model is Message:
        counts.keep_before_clean_up(runtime, going)
    removed = _remove(runtime, model, going)
    run.done += removed
    run.counts = {**run.counts, name: run.counts.get(name, 0) + removed}
    if removed < BATCH:
        journal(runtime, run, Notice(f"cleaned_{name}", num=run.counts[name]))
        run.place = {**run.place, "rule": at + 1}
    runtime.session.commit()
    return More()


def _remove(runtime: Runtime, model: type[DeclarativeBase], old: ColumnElement[bool]) -> int:
    key = model.__mapper__.primary_key[0]
    batch = select(key).where(old).limit(BATCH)
    removed = runtime.session.execute(
        delete(model).where(key.in_(batch)).execution_options(synchronize_session=False)
    )
    return int(removed.rowcount)  # type: ignore[attr-defined]  # a DELETE has a row count
