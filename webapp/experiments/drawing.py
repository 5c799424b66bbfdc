"""Draws what more and fewer people would show, with these in brass and a table behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import format_decimal

from webapp.experiments.outlook import Outlook, Question, Shown
from webapp.experiments.words import lift, percent, points
from webapp.kernel.i18n import _
from webapp.kernel.plots import Curve, Plot
from webapp.kernel.text.formats import number


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The picture, its words and those of its mark, its figures: people, points and lift."""

    plot: Plot
    axes: str
    mark: str
    rows: Sequence[tuple[str, str, str]]


def drawn(outlook: Outlook) -> Drawn:
    """Return the curve of an outlook."""
    share, values = percent(outlook.seen.share), [shown.points for _n, shown in outlook.curve]
    label = _("Which difference beside %(share)s so many people show, in points", share=share)
    curve = Curve(name=label, values=[value and 100 * value for value in values])
    people, here = outlook.curve[outlook.here]
    is_seen = here.points is not None
    return Drawn(
        plot=Plot(
            label=label,
            labels=[number(people) for people, _shown in outlook.curve],
            curves=[curve],
            marked=(outlook.here,) if is_seen else (),
            write=_axis,
        ),
        axes=_("points, %(question)s, by people in all arms", question=asked(outlook.question)),
        mark=_("%(n)s people: %(points)s", n=number(people), points=_points(here)),
        rows=[
            (number(people), _points(shown), "" if shown.lift is None else lift(shown.lift))
            for people, shown in outlook.curve[2::2]
        ],
    )


def asked(question: Question) -> str:
    """Name the two sides of a question."""
    if question.is_of_held_out:
        return _("Held out or written to")
    return _("%(first)s or %(second)s", first=question.first, second=question.second)


def _points(shown: Shown) -> str:
    return _("none so far") if shown.points is None else points(shown.points)


def _axis(value: float | None) -> str:
    return str(format_decimal(value or 0, "#,##0.##"))
