"""What difference an experiment can show, told before anything is sent."""

from dataclasses import dataclass

from webapp.deliveries.models import Experiment
from webapp.deliveries.models.experiment import WHOLE
from webapp.experiments.statistics import power
from webapp.experiments.statistics.evidence import ALARM

# How many times as large the other share is, in the lines of the table.
STEPS = (1.1, 1.25, 1.5, 2.0)
PARTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How many people an arm needs to tell two shares apart, on any day and by one look."""

    share: float
    other: float
    any_time: int
    one_look: int
    enough: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The smallest arm, the expected share, and the next larger one that is told from it."""

    arm: int
    share: float
    shown: float | None
    lines: list[Line]


def outlook(plan: Experiment, people: int) -> Outlook:
    """Return what a plan can show with so many people; the smallest arm decides."""
    shares = [plan.weight, *(arm.weight for arm in plan.arms)]
    if len(shares) == 1:
        shares.append(plan.held_out)
    arm, share = people * min(shares) // WHOLE, plan.expected / PARTS
    # Each text against the first, and those held out: they share one alarm.
    alarm = ALARM / max(len(plan.arms) + (plan.held_out > 0), 1)
    others = (share * times for times in STEPS if share * times < 1)
    return Outlook(
        arm=arm,
        share=share,
        shown=power.smallest_at_any_time(arm, share, alarm),
        lines=[_line(share, other, arm, alarm) for other in others],
    )


def _line(share: float, other: float, arm: int, alarm: float) -> Line:
    needed = power.people_at_any_time(share, other, alarm)
    return Line(
        share=share,
        other=other,
        any_time=needed,
        one_look=power.people_at_one_look(share, other, alarm),
        enough=needed <= arm,
    )
