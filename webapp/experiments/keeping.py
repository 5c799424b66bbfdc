"""Keeps what an experiment showed before its messages leave with the clean-up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select

from webapp.deliveries import counters, variants
from webapp.deliveries.models import Delivery, ExperimentPlan, Message, Metric
from webapp.experiments.arms import Arm, of
from webapp.experiments.judging import Answer, Judged, Look, Side, judge
from webapp.experiments.models import ExperimentVerdict
from webapp.experiments.statistics.shares import wilson
from webapp.experiments.verdict import Found, Verdict
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

PLAIN = ("people", "failed", "stopped", "balance", "is_over")


def keep(runtime: Runtime, before: datetime) -> None:
    """Keep the verdicts of deliveries whose messages are about to leave; the caller commits."""
    known = exists().where(ExperimentVerdict.delivery_id == Delivery.id)
    there = exists().where(Message.delivery_id == Delivery.id)
    rows = (
        select(Delivery)
        .join(ExperimentPlan, ExperimentPlan.delivery_id == Delivery.id)
        .where(counters.over_since(before), there, ~known)
    )
    for delivery in runtime.session.scalars(rows).all():
        told = _told(judge(runtime, delivery))
        row = ExperimentVerdict(delivery_id=delivery.id, judged_at=runtime.now(), told=told)
        runtime.session.add(row)
    runtime.session.flush()


@requires(Permission.VIEW)
def judged(runtime: Runtime, delivery: Delivery) -> Judged:
    """Judge an experiment by its rows, or say what was found while they were there."""
    row = runtime.session.get(ExperimentVerdict, delivery.id)
    return judge(runtime, delivery) if row is None else _read(delivery, row)


def _told(found: Judged) -> dict[str, Any]:
    answers = [
        {
            "metric": answer.metric.value,
            "first": _side(answer.first),
            "second": _side(answer.second),
            "low": answer.found.low,
            # JSON has no infinity.
            "high": answer.found.high if answer.found.high < float("inf") else None,
            "verdict": answer.found.verdict.value,
        }
        for answer in found.answers
    ]
    kept = {name: getattr(found, name) for name in (*PLAIN, "left", "is_sealed")}
    return kept | {"answers": answers}


def _side(side: Side) -> dict[str, Any]:
    return {"arms": [arm.letter for arm in side.arms], "people": side.people, "did": side.did}


def _read(delivery: Delivery, row: ExperimentVerdict) -> Judged:
    arms = {arm.letter: arm for arm in of(delivery)}
    return Judged(
        answers=[_answer(arms, told, row.judged_at) for told in row.told["answers"]],
        waiting=0,
        is_gone=False,
        left=row.told.get("left", 0),
        kept_at=row.judged_at,
        # The messages are gone, and yet a plan or a text that is changed now is not the sealed one.
        is_sealed=row.told["is_sealed"] and variants.seal(delivery) == delivery.content_hash,
        **{name: row.told[name] for name in PLAIN},
    )


def _answer(arms: Mapping[str, Arm], told: Mapping[str, Any], at: datetime) -> Answer:
    first, second = (_side_of(arms, told[name]) for name in ("first", "second"))
    found = Found(
        first=first.did,
        second=second.did,
        low=told["low"],
        high=float("inf") if told["high"] is None else told["high"],
        verdict=Verdict(told["verdict"]),
    )
    return Answer(
        metric=Metric(told["metric"]),
        first=first,
        second=second,
        found=found,
        looks=[Look(at=at, found=found)],
        is_early=False,
    )


def _side_of(arms: Mapping[str, Arm], told: Mapping[str, Any]) -> Side:
    own: Sequence[Arm] = [arms[letter] for letter in told["arms"] if letter in arms]
    low, high = wilson(min(told["did"], told["people"]), told["people"])
    return Side(arms=own, people=told["people"], did=told["did"], low=low, high=high)
