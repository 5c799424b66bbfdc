"""A plot: curves or ranges over labels, drawn against an axis, without a script.

What is not known is no point and no zero: the curve stops there, and a band says so. The units are
those of a drawing that the page stretches to its own size (`templates/_macros/plots.html`).
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from webapp.kernel.i18n import _
from webapp.kernel.text.formats import number

WIDTH, HEIGHT = 300.0, 100.0
# So many labels are all written.
FEW = 6
# An axis has two or three steps, of a round size.
ROUND = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
THIRDS = (3.0, 6.0)

Value = float | None
Writer = Callable[[Value], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Figures in the order of the labels; `before` are those of the period that is compared."""

    name: str
    values: Sequence[Value]
    before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A figure with the bounds it is likely to lie between; `best` is marked."""

    low: float
    value: float
    high: float
    best: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Curves, the first of which is the one that counts, or one range a label.

    `label` says in a sentence what the picture shows, and `write` writes a figure of its axis.
    `unknown` are the places of labels of which nothing was read, `marked` those at which the first
    curve has a mark of its own.
    """

    label: str
    labels: Sequence[str]
    curves: Sequence[Curve] = ()
    ranges: Sequence[Range | None] = ()
    unknown: Collection[int] = ()
    marked: Collection[int] = ()
    write: Writer = number
    every_label: bool = False

    @property
    def top(self) -> float:
        """The figure at the upper edge: round, and no less than any that is drawn."""
        known = [value for curve in self.curves for value in curve.values if value is not None]
        known += [item.high for item in self.ranges if item]
        return rounded_up(max(known, default=0.0))

    @property
    def scale(self) -> list[tuple[float, str]]:
        """The heights of the lines across with their figures, from the upper edge to nothing."""
        steps = 3 if self.top / 10 ** _digits(self.top) in THIRDS else 2
        return [
            (round(HEIGHT * at / steps, 2), self.write(self.top * (steps - at) / steps))
            for at in range(steps + 1)
        ]

    @property
    def ticks(self) -> list[str]:
        """The labels below: every one of few, or the first, the middle and the last one."""
        last = len(self.labels) - 1
        if self.every_label or last < FEW:
            return list(self.labels)
        return [self.labels[at] for at in sorted({0, last // 2, last})]

    def pieces(self, curve: Curve) -> Iterator[list[tuple[float, float]]]:
        """Yield the stretches of a curve that are known, as points."""
        known = groupby(enumerate(curve.values), key=lambda pair: pair[1] is not None)
        for there, pairs in known:
            if there:
                yield [(self._x(at), self._y(value)) for at, value in pairs if value is not None]

    @property
    def spots(self) -> Iterator[tuple[float, float, str]]:
        """Yield each mark of the first curve: its place, its height and its words."""
        for at in sorted(self.marked):
            value = self.curves[0].values[at]
            if value is not None:
                told = _("%(what)s: %(n)s", what=self.labels[at], n=self.write(value))
                yield self._x(at), self._y(value), told

    @property
    def gaps(self) -> Iterator[tuple[float, float]]:
        """Yield where nothing was read, each with its width."""
        half = WIDTH / max(len(self.labels) - 1, 1) / 2
        for at in sorted(self.unknown):
            left, right = max(self._x(at) - half, 0.0), min(self._x(at) + half, WIDTH)
            yield round(left, 2), round(right - left, 2)

    @property
    def marks(self) -> Iterator[tuple[float, float, float, float, Range, str]]:
        """Yield each range: its place, the heights of both ends and of the figure, its words."""
        wide = WIDTH / max(len(self.labels), 1)
        for at, item in enumerate(self.ranges):
            if item:
                x = round(wide * (at + 0.5), 2)
                told = _("%(what)s: %(n)s", what=self.labels[at], n=self.write(item.value))
                yield x, self._y(item.high), self._y(item.low), self._y(item.value), item, told

    def _x(self, at: int) -> float:
        last = len(self.labels) - 1
        return round(WIDTH * at / last, 2) if last else WIDTH / 2

    def _y(self, value: float) -> float:
        return round(HEIGHT - HEIGHT * float(value) / self.top, 2)


def rounded_up(value: float) -> float:
    """Return the next round figure; of nothing, and of what is below it, that is one."""
    if value <= 0:
        return 1.0
    unit = 10.0 ** _digits(value)
    return next(step * unit for step in ROUND if step * unit >= value * (1 - 1e-9))


def _digits(value: float) -> int:
    """Return the power of ten that a figure begins in."""
    power = 0
    while 10.0 ** (power + 1) <= value:
        power += 1
    while 10.0**power > value:
        power -= 1
    return power
