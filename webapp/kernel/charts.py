"""A chart: its figures, how they are drawn, and the same figures as a table and as a sheet.

All of it is made here, so that a template only writes it down (`templates/_macros/charts.html`),
and the picture, the table behind it and the file cannot disagree.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flask import Flask

from webapp.kernel.i18n import _
from webapp.kernel.text.formats import number

# The units of a drawing; the page stretches it to its own size.
HEIGHT = 100.0
STEP = 10
LINE_WIDTH, LINE_HEIGHT, LINE_ROOM = 300.0, 66.0, 60.0
# What is there is seen, however small.
LEAST = 1.0
LEAST_SHARE = 0.5
# The height of a line stands for a fiftieth of its figures at least.
LEAST_PART = 50


def init(app: Flask) -> None:
    """Let templates draw bars of parts."""
    app.jinja_env.filters["segments"] = segments


class Kind(StrEnum):
    """How the figures are drawn: one series up and one down from a line, or one as a line."""

    UP_AND_DOWN = "up_and_down"
    LINE = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Figures in the order of the chart's labels; what is not `drawn` is in the table alone.

    `notes` say in the table what a figure does not, at the place of some labels.
    """

    name: str
    values: Sequence[int]
    drawn: bool = True
    notes: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What stands at one label: its words, and rectangles of a series with top and height."""

    x: int
    title: str
    parts: Sequence[tuple[int, float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part of a bar that shows a whole, in hundredths of its width."""

    tone: str
    x: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Series over labels, oldest first.

    `label` says in a sentence what the picture shows. `heading` names the labels, `summary` opens
    the table of them where they are no days, `keys` are the labels as a program reads them, and
    the route `csv_endpoint` answers with the sheet.
    """

    kind: Kind
    label: str
    heading: str
    labels: Sequence[str]
    keys: Sequence[str]
    series: Sequence[Series]
    summary: str = ""
    csv_endpoint: str = ""
    csv_args: Mapping[str, Any] = field(default_factory=dict)

    @property
    def drawn(self) -> list[Series]:
        """The series of the picture."""
        return [item for item in self.series if item.drawn]

    @property
    def ticks(self) -> list[str]:
        """The labels below the picture: the first, the middle and the last one."""
        last = len(self.labels) - 1
        return [self.labels[at] for at in sorted({0, len(self.labels) // 2, last})]

    @property
    def rows(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """The rows of the table, newest first: a label, and its figures each with a note."""
        for at in reversed(range(len(self.labels))):
            cells = [(number(item.values[at]), item.notes.get(at, "")) for item in self.series]
            yield self.labels[at], cells

    @property
    def columns(self) -> dict[str, str]:
        """The columns of the sheet, with what stands above them."""
        return {"key": self.heading} | {str(at): item.name for at, item in enumerate(self.series)}

    @property
    def sheet(self) -> Iterator[dict[str, Any]]:
        """The rows of the sheet, oldest first."""
        for at, key in enumerate(self.keys):
            yield {"key": key} | {
                str(place): item.values[at] for place, item in enumerate(self.series)
            }

    @property
    def width(self) -> int:
        """How wide the drawing of bars is."""
        return len(self.labels) * STEP

    @property
    def extremes(self) -> tuple[int, int]:
        """The highest figure that goes up and that goes down."""
        up, down = self.drawn
        return max(up.values), max(down.values)

    @property
    def base(self) -> float:
        """Where the line lies that bars go up and down from."""
        high, low = self.extremes
        return round(HEIGHT * high / (high + low), 2) if high + low else HEIGHT

    @property
    def bars(self) -> Iterator[Bar]:
        """The bars, one a label."""
        high, low = self.extremes
        whole, base = max(high + low, 1), self.base
        for at, label in enumerate(self.labels):
            parts = []
            for place, item in enumerate(self.drawn):
                if value := item.values[at]:
                    tall = round(max(HEIGHT * value / whole, LEAST), 2)
                    parts.append((place, round(base - tall, 2) if place == 0 else base, tall))
            yield Bar(x=at * STEP, title=self._told(label, at), parts=parts)

    @property
    def points(self) -> str:
        """The points of the line, as SVG writes them."""
        values = list(self.drawn[0].values)
        values = values * 2 if len(values) == 1 else values
        high = max(values)
        # A change of two among thousands is no plunge, so it is drawn as small as it is.
        span = max(high - min(values), high // LEAST_PART, 1)
        low = max(high - span, 0)
        steps = max(len(values) - 1, 1)
        return " ".join(
            f"{round(LINE_WIDTH * at / steps, 2)},"
            f"{round(LINE_HEIGHT - LINE_ROOM * (value - low) / span, 2)}"
            for at, value in enumerate(values)
        )

    def _told(self, label: str, at: int) -> str:
        """Return what is said of one label, without a grammar that a language could break."""
        figures = [
            _("%(what)s: %(n)s", what=item.name, n=number(item.values[at])) for item in self.drawn
        ]
        return " · ".join([label, *figures])


def segments(parts: Sequence[tuple[str, int]], total: int) -> Iterator[Segment]:
    """Yield the parts of a bar one after another; each is a tone and a number of the whole.

    What failed or is unknown is seen however little it is; what was done needs no such help.
    """
    x = 0.0
    for tone, count in parts:
        if count and total:
            least = 0.0 if tone in {"", "done"} else LEAST_SHARE
            width = max(100.0 * count / total, least)
            yield Segment(tone=tone, x=round(x, 3), width=round(width, 3))
            x += width
