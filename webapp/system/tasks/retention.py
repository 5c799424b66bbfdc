"""The task *clean-up*: what is older than its time leaves, in batches that block nobody."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import DeclarativeBase

from webapp.kernel.db import traces
from webapp.kernel.db.changes import updated
from webapp.kernel.retention import Rule
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice
from webapp.workflows.models import Run
from webapp.workflows.runs import Done, More, Step, journal

BATCH = 2_000


def step(runtime: Runtime, run: Run) -> Step:
    """Remove one batch; the run ends when no rule of any domain finds anything more."""
    rules: Sequence[Rule] = runtime.domains.retention
    done = run.checkpoint.get("cleaned", [])
    left = [rule for rule in rules if rule.name not in done]
    if not left:
        return Done()
    rule = left[0]
    before = runtime.now() - rule.age_in(runtime)
    if rule.first:
        rule.first(runtime, before)
    removed = _remove(runtime, rule.model, rule.old(before))
    run.done += removed
    run.counts = {**run.counts, rule.name: run.counts.get(rule.name, 0) + removed}
    if removed < BATCH:
        journal(runtime, run, Notice(f"cleaned_{rule.name}", num=run.counts[rule.name]))
        run.checkpoint = {**run.checkpoint, "cleaned": [*done, rule.name]}
    runtime.session.commit()
    if removed < BATCH and len(left) == 1:
        # Nothing of what left stays readable in the journal beside the database.
        traces.overwrite(runtime.session)
    return More()


def _remove(runtime: Runtime, model: type[DeclarativeBase], old: ColumnElement[bool]) -> int:
    key = model.__mapper__.primary_key[0]
    batch = select(key).where(old).limit(BATCH)
    return updated(runtime.session, delete(model).where(key.in_(batch)))
