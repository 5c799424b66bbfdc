"""What difference an experiment can show, told before anything is sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webapp.deliveries.models import Experiment
from webapp.deliveries.models.experiment import WHOLE
from webapp.experiments.arms import LETTERS, NOBODY
from webapp.experiments.statistics import power
from webapp.experiments.statistics.evidence import ALARM
from webapp.experiments.statistics.power import Sides

# How many times as large the other share is, in the lines of the table.
STEPS = (1.1, 1.25, 1.5, 2.0)
# How many times as many do it as was expected, in the lines of the other one.
RATES = (0.5, 1.0, 2.0)
PARTS = 10_000
# The curve has so many points, up to so many times as many people as there are.
POINTS, AS_MANY = 24, 4
# Of a curve nothing is drawn above so many times what these people show: it would be all there is.
HIGH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A share, and the next larger one that is told from it; nothing where none is."""

    share: float
    other: float | None

    @property
    def points(self) -> float | None:
        """How much more that is, as a part of the people."""
        return None if self.other is None else self.other - self.share

    @property
    def lift(self) -> float | None:
        """How much more that is, as a part of the share."""
        return None if self.other is None else self.other / self.share - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How many people an arm needs to tell two shares apart, on any day and by one look."""

    share: float
    other: float
    any_time: int
    one_look: int
    enough: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Two sides that are compared: their letters, their parts of all people, and the alarm."""

    first: str
    second: str
    sides: Sides
    alarm: float

    @property
    def is_of_held_out(self) -> bool:
        """Whether those who get nothing are one side."""
        return NOBODY in self.first

    def shown(self, people: int, share: float) -> Shown:
        """Return what so many people show beside a share."""
        other = power.smallest_at_any_time(people, share, self.alarm, self.sides)
        return Shown(share=share, other=other)

    def people(self, share: float, other: float) -> int:
        """Return how many people in the whole experiment show a difference."""
        return power.people_at_any_time(share, other, self.alarm, sides=self.sides)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one question can show at each of the rates, with the people of its sides."""

    question: Question
    first: int
    second: int
    cells: Sequence[Shown]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The smallest arm, what its question shows beside the expected share, and all else.

    `curve` holds what more and fewer people would show of that question; `here` is the place of
    these people in it.
    """

    arm: int
    question: Question
    seen: Shown
    lines: Sequence[Line]
    rates: Sequence[float]
    rows: Sequence[Row]
    curve: Sequence[tuple[int, Shown]]
    here: int = POINTS // AS_MANY


def questions(weights: Sequence[float], held_out: float) -> list[Question]:
    """Return each text against the first, and whoever is written to against the held out.

    They share one alarm.
    """
    whole = sum(weights) + held_out
    number = len(weights) - 1 + (held_out > 0)
    found = [
        Question(
            first=LETTERS[:1],
            second=letter,
            sides=Sides(weights[0] / whole, weight / whole),
            alarm=ALARM / number,
        )
        for letter, weight in zip(LETTERS[1:], weights[1:], strict=False)
    ]
    if held_out:
        sides = Sides(held_out / whole, sum(weights) / whole)
        texts = LETTERS[: len(weights)]
        found.append(Question(first=NOBODY, second=texts, sides=sides, alarm=ALARM / number))
    return found


def outlook(plan: Experiment, people: int) -> Outlook:
    """Return what a plan can show with so many people."""
    weights = [plan.weight, *(arm.weight for arm in plan.arms)]
    asked, share = questions(weights, plan.held_out), plan.expected / PARTS
    least = min(weights if len(weights) > 1 else [*weights, plan.held_out])
    arm = people * least // WHOLE
    # What was expected is of those who get a text, unless there is one alone.
    meant = [item for item in asked if not item.is_of_held_out] or asked
    decides = max(meant, key=lambda item: _hidden(item.shown(people, share)))
    rates = [share * times for times in RATES if share * times < 1]
    return Outlook(
        arm=arm,
        question=decides,
        seen=decides.shown(people, share),
        lines=[_line(share, other, arm, decides.alarm) for other in _others(share)],
        rates=rates,
        rows=[_row(item, people, rates) for item in asked],
        curve=_curve(decides, people, share),
    )


def _hidden(shown: Shown) -> float:
    return 1.0 if shown.other is None else shown.other


def _others(share: float) -> Iterator[float]:
    return (share * times for times in STEPS if share * times < 1)


def _row(question: Question, people: int, rates: Sequence[float]) -> Row:
    return Row(
        question=question,
        first=int(people * question.sides.first),
        second=int(people * question.sides.second),
        cells=[question.shown(people, share) for share in rates],
    )


def _curve(question: Question, people: int, share: float) -> list[tuple[int, Shown]]:
    """Return what numbers of people from none on show; that of too few of them is off the axis."""
    numbers = [people * at * AS_MANY // POINTS for at in range(POINTS + 1)]
    found = [(number, question.shown(number, share)) for number in numbers]
    high = HIGH * (found[POINTS // AS_MANY][1].points or 1.0)
    none = Shown(share=share, other=None)
    return [(number, shown if (shown.points or 0) <= high else none) for number, shown in found]


def _line(share: float, other: float, arm: int, alarm: float) -> Line:
    needed = power.people_at_any_time(share, other, alarm)
    return Line(
        share=share,
        other=other,
        any_time=needed,
        one_look=power.people_at_one_look(share, other, alarm),
        enough=needed <= arm,
    )
