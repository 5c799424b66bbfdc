"""A part of a report: figures in a table, their picture, and the same figures as a sheet.

What a cell holds is a value; how it is written is its column's. So the page and the file cannot
disagree, and what is not known is *unknown* on both.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from webapp.kernel.charts import Chart
from webapp.kernel.i18n import _
from webapp.kernel.plots import Plot
from webapp.kernel.text import formats

# Where there is no figure, and none is missing.
NOTHING = "\N{EN DASH}"
Value = int | float | Decimal | str | None


def share(value: float | None) -> str:
    """Write a share of a hundred."""
    if value is None:
        return _("unknown")
    return _("%(n)s %%", n=formats.number(round(float(value), 1)))


def part(some: float, whole: float) -> float | None:
    """Return how many of a hundred; of nothing there is no share."""
    return 100 * some / whole if whole else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column with its heading; `absent` is what is written where there is no figure."""

    label: str
    write: Callable[[Any], str] = formats.number
    numeric: bool = True
    absent: str = ""

    def shown(self, value: Value) -> str:
        """Return a value as the page shows it."""
        if value is None:
            return self.absent or _("unknown")
        return value if isinstance(value, str) else self.write(value)

    def told(self, value: Value) -> Value:
        """Return a value as a sheet holds it."""
        if value is None:
            return self.absent or _("unknown")
        return round(value, 2) if isinstance(value, float) else value


def shares(label: str) -> Column:
    """Return a column of shares; of nothing there is none."""
    return Column(label=label, write=share, absent=NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a table: what it is about, with its name for programs, and a value a column.

    `bar` is how much of the greatest one it is, of a hundred; `delivery` has a report of its own.
    """

    label: str
    values: Sequence[Value]
    key: str = ""
    delivery: int | None = None
    # What a sheet says of it beside its key, in columns that the section names.
    more: Sequence[str] = ()
    small: str = ""
    bar: float | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a report; `fine` are the rows of its sheet where these are more than those shown.

    `source` says where the figures are from, and `empty` why there are none.
    """

    name: str
    title: str
    heading: str
    # Columns of the sheet alone, between the key and the figures.
    named: Sequence[str] = ()
    columns: Sequence[Column] = ()
    rows: Sequence[Row] = ()
    fine: Sequence[Row] = ()
    plot: Plot | None = None
    chart: Chart | None = None
    source: str = ""
    empty: str = ""
    note: str = ""
    bars: bool = False
    more: tuple[str, str] | None = None
    legend: Sequence[str] = field(default_factory=tuple)

    @property
    def is_drawn(self) -> bool:
        """Whether there is a picture beside the table."""
        return bool(self.plot or self.chart)

    @property
    def head(self) -> dict[str, str]:
        """The columns of the sheet, with what stands above them."""
        named = {f"name{at}": words for at, words in enumerate(self.named)}
        figures = {str(at): one.label for at, one in enumerate(self.columns)}
        return {"key": self.heading} | named | figures

    @property
    def sheet(self) -> Iterator[dict[str, Any]]:
        """The rows of the sheet."""
        for row in self.fine or self.rows:
            if row.whole:
                continue
            pairs = zip(self.columns, row.values, strict=True)
            told = {str(at): column.told(value) for at, (column, value) in enumerate(pairs)}
            named = {f"name{at}": words for at, words in enumerate(row.more)}
            yield {"key": row.key or row.label} | named | told


@dataclass(frozen=True, slots=True, kw_only=True)
class Stat:
    """A figure at the head of a report, and what stands below it."""

    label: str
    value: str
    below: str = ""
    unknown: bool = False
