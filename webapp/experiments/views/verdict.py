"""What an experiment shows, while it runs and afterwards."""

from dataclasses import dataclass

from flask import Response, g

from webapp.deliveries.drafts import editing
from webapp.deliveries.views.show import tab_page
from webapp.experiments import keeping, telling
from webapp.experiments.judging import Answer, Judged
from webapp.experiments.verdict import Verdict
from webapp.experiments.views.blueprint import blueprint
from webapp.experiments.words import lift, percent
from webapp.kernel.db import reading
from webapp.kernel.errors import NotFound
from webapp.kernel.i18n import _
from webapp.operators.access import Permission, needs

LOOKS = {
    Verdict.RUNNING: ("loader-2", "go"),
    Verdict.SHOWN: ("circle-check", "ok"),
    Verdict.NO_DIFFERENCE: ("check", ""),
    Verdict.CANNOT_TELL: ("help-circle", "odd"),
    Verdict.VOID: ("circle-x", "bad"),
}
# Lifts that the bar names: -50 %, none, and twice as much.
TICKS = (-0.5, 0.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Where an interval lies, from nothing at all, at 0, to any number of times, at 100."""

    low: float
    high: float
    middle: float | None
    ticks: list[tuple[float, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An answer as its page shows it."""

    answer: Answer
    question: str
    word: str
    icon: str
    tone: str
    sentence: str
    seen: str
    bar: Bar


@blueprint.get("/deliveries/<int:delivery_id>/experiment")
@needs(Permission.VIEW)
def verdict_of(delivery_id: int) -> Response:
    """Show the verdict as it stands: it may be looked at on any day."""
    delivery = editing.get(g.runtime, delivery_id)
    if delivery.plan is None or delivery.confirmed_at is None:
        raise NotFound(_("Nothing of an experiment was sent here."))
    with reading():
        judged = keeping.judged(g.runtime, delivery)
    return tab_page(
        "experiments/verdict.html",
        delivery,
        tab="experiment",
        judged=judged,
        left=telling.left(judged),
        shown=[_shown(judged, answer) for answer in judged.answers],
        plan=delivery.experiment,
        lift=lift,
        percent=percent,
    )


def _shown(judged: Judged, answer: Answer) -> Shown:
    verdict = telling.verdict(judged, answer)
    icon, tone = LOOKS[verdict]
    return Shown(
        answer=answer,
        question=telling.question(answer),
        word=telling.word(verdict),
        icon=icon,
        tone=tone,
        seen=telling.seen(answer),
        sentence=telling.sentence(judged, answer),
        bar=_bar(answer),
    )


def _bar(answer: Answer) -> Bar:
    first, second = answer.first.share, answer.second.share
    middle = second / first - 1 if first and second is not None else None
    return Bar(
        low=_place(answer.found.low),
        high=_place(answer.found.high),
        middle=None if middle is None else _place(middle),
        ticks=[(_place(value), lift(value) if value else _("no difference")) for value in TICKS],
    )


def _place(value: float) -> float:
    """Return where a lift lies, from 0 to 100; none is in the middle."""
    if value == float("inf"):
        return 100.0
    times = value + 1
    return round(100 * times / (1 + times), 2)
