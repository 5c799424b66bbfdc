"""Answers for a number of people which difference they show, or how many show a difference."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal

from webapp.experiments.outlook import Question, Shown, questions
from webapp.experiments.statistics.power import MOST_PEOPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A plan before there is a delivery: `share` and `held_out` are parts of one, arms are alike.

    `lift` is how much more is to be shown, as a part of the share.
    """

    share: float
    arms: int
    held_out: float
    people: int | None
    lift: float | None

    @property
    def other(self) -> float | None:
        """The share that is to be told from the other one."""
        return None if self.lift is None else self.share * (1 + self.lift)

    @property
    def questions(self) -> list[Question]:
        """What is compared."""
        return questions([(1 - self.held_out) / self.arms] * self.arms, self.held_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is said of one question: what the people show, and how many show what is wanted.

    More than any network has are none at all.
    """

    question: Question
    shown: Shown | None
    needed: int | None


def told(wanted: Wanted) -> Sequence[Told]:
    """Answer each question of a plan."""
    return [
        Told(
            question=question,
            shown=question.shown(wanted.people, wanted.share) if wanted.people else None,
            needed=_needed(question, wanted),
        )
        for question in wanted.questions
    ]


def _needed(question: Question, wanted: Wanted) -> int | None:
    if wanted.other is None:
        return None
    return question.people(wanted.share, wanted.other)


def as_values(wanted: Wanted, answers: Sequence[Told]) -> dict[str, Any]:
    """Return what was asked and said as plain values; shares and lifts are parts of one."""
    return {
        "people": wanted.people,
        "expected": wanted.share,
        "arms": wanted.arms,
        "held_out": wanted.held_out,
        "lift": wanted.lift,
        "needed": _most(answers),
        "answers": [_values(wanted, answer) for answer in answers],
    }


def _values(wanted: Wanted, answer: Told) -> dict[str, Any]:
    question, shown = answer.question, answer.shown
    sides = (question.sides.first, question.sides.second)
    return {
        "first": list(question.first),
        "second": list(question.second),
        "people": [int(wanted.people * side) for side in sides] if wanted.people else None,
        "alarm": question.alarm,
        "shown": shown.other if shown else None,
        "points": shown.points if shown else None,
        "lift": shown.lift if shown else None,
        "needed": _number(answer.needed),
    }


def _most(answers: Sequence[Told]) -> int | None:
    """Return how many people answer every question."""
    return _number(max((answer.needed or 0 for answer in answers), default=0) or None)


def _number(needed: int | None) -> int | None:
    return None if needed is None or needed >= MOST_PEOPLE else needed


def text(wanted: Wanted, answers: Sequence[Told]) -> str:
    """Say the same in sentences."""
    lines = []
    for answer in answers:
        if wanted.people:
            lines.append(_shown(wanted.people, answer))
        if wanted.other is not None:
            lines.append(_needs(wanted.share, wanted.other, answer))
    end = "Four times of five, at a false alarm of 1 in 20, whenever somebody looks."
    return "\n".join([*lines, end])


def _shown(people: int, answer: Told) -> str:
    question, shown = answer.question, answer.shown
    first, second = (int(people * side) for side in (question.sides.first, question.sides.second))
    begun = f"{_name(question)}: {_many(first)} and {_many(second)} people show "
    if shown is None or shown.points is None or shown.lift is None or shown.other is None:
        return f"{begun}no difference, however large."
    return (
        f"{begun}{_percent(shown.share)} against {_percent(shown.other)} and more: "
        f"{100 * shown.points:+.2f} points, {100 * shown.lift:+.0f} %."
    )


def _needs(share: float, other: float, answer: Told) -> str:
    needed = _number(answer.needed)
    people = "more people than any network has" if needed is None else f"{_many(needed)} people"
    return (
        f"{_name(answer.question)}: {_percent(share)} against {_percent(other)} needs {people} in "
        "all arms."
    )


def _many(people: int) -> str:
    """Write a number with its separators; nothing here knows the language of an instance."""
    return str(format_decimal(people, locale="en"))


def _name(question: Question) -> str:
    return (
        "Held out or written to"
        if question.is_of_held_out
        else (f"{question.first} or {question.second}")
    )


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"
