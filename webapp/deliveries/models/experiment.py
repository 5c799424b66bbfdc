"""An experiment: other texts, people who get nothing, and the plan by which it is judged."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.deliveries.models.content import ContentPart, DeliveryVariant
from webapp.kernel.db import Base, word

# The shares of the arms, and of those who get nothing, are parts of a hundred.
WHOLE = 100


class Metric(StrEnum):
    """What somebody does that counts."""

    CLICKED = "clicked"
    CONVERTED = "converted"
    WROTE = "wrote"


class StopRule(StrEnum):
    """When the verdict is final: at the end alone, or on the first day that shows a difference."""

    END = "end"
    SHOWN = "shown"


class ExperimentPlan(Base):
    """By what an experiment is judged; sealed with the content of its delivery.

    `held_out` is the share that gets nothing. `expected` is in parts of ten thousand, of the
    `people` it was planned for; both say how firmly the verdict begins at no difference. `matters`
    is in per cent of the first text.
    """

    __tablename__ = "experiment_plan"
    __table_args__ = (
        CheckConstraint("held_out >= 0 AND held_out < 100", name="held_out_share"),
        CheckConstraint("within_hours > 0", name="within_positive"),
    )

    delivery_id: Mapped[int] = mapped_column(
        ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True
    )
    held_out: Mapped[int]
    metric: Mapped[Metric] = mapped_column(word(Metric))
    within_hours: Mapped[int]
    expected: Mapped[int]
    people: Mapped[int]
    matters: Mapped[int]
    stop: Mapped[StopRule] = mapped_column(word(StopRule))


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One of the other texts, with its share."""

    text: str
    weight: int
    subject: str = ""
    # The same in HTML, where the first text has that.
    html: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """All that makes a delivery an experiment; `weight` is the share of its own text."""

    weight: int
    arms: tuple[Arm, ...]
    held_out: int
    metric: Metric
    within_hours: int
    expected: int
    people: int
    matters: int
    stop: StopRule


# What the row of a plan and the value have in common.
PLANNED = ("held_out", "metric", "within_hours", "expected", "people", "matters", "stop")


class Planned:
    """What has variants, and perhaps a plan, is an experiment or none."""

    variants: Mapped[list[DeliveryVariant]]
    plan: Mapped[ExperimentPlan | None]

    @property
    def experiment(self) -> Experiment | None:
        """Other texts, shares and plan as one value; nothing where there is no plan."""
        if self.plan is None:
            return None
        arms = tuple(_arm(row) for row in self.variants[1:])
        same = {name: getattr(self.plan, name) for name in PLANNED}
        return Experiment(weight=self.variants[0].weight, arms=arms, **same)

    @experiment.setter
    def experiment(self, wanted: Experiment | None) -> None:
        _arrange(self.variants, wanted)
        if wanted is None:
            self.plan = None
            return
        self.plan = self.plan or ExperimentPlan()
        for name in PLANNED:
            setattr(self.plan, name, getattr(wanted, name))


def _arm(row: DeliveryVariant) -> Arm:
    own = row.parts[0]
    return Arm(text=own.text, weight=row.weight, subject=own.subject, html=own.html)


def _arrange(rows: list[DeliveryVariant], wanted: Experiment | None) -> None:
    """Let variants be those of an experiment, or the first alone.

    A row stays at its place, so no two ever have one: what is too many goes from the end.
    """
    arms = wanted.arms if wanted else ()
    rows[0].weight = wanted.weight if wanted else 1
    for place, arm in enumerate(arms, start=1):
        if place == len(rows):
            rows.append(DeliveryVariant(position=place, parts=[ContentPart(position=0)]))
        row = rows[place]
        row.weight = arm.weight
        own = row.parts[0]
        own.text, own.subject, own.html = arm.text, arm.subject, arm.html
    del rows[1 + len(arms) :]
