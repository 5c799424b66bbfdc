"""At which hour deliveries get most reactions: a share with the range it is likely to lie in.

The range is Wilson's, which holds for few and for many; where two overlap, the page says that the
better one is not sure. Hours with few readers or views are told without a share.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from webapp.kernel.i18n import _
from webapp.kernel.plots import Plot, Range
from webapp.kernel.text.formats import number
from webapp.reports.queries.deliveries import Line
from webapp.reports.scope import MOST, Scope
from webapp.reports.sections import NOTHING, Column, Row, Section, share

HOURS, SHOWN = 24, 8
# Below so many readers no share is given.
FEWEST = 100
# The quantile of the normal curve that leaves one in twenty outside.
Z = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """What came of deliveries that began in one hour of the day."""

    hour: int
    readers: int
    clicked: int

    @property
    def range(self) -> Range | None:
        """The share with its bounds; none of too few."""
        if self.readers < FEWEST:
            return None
        low, high = wilson(self.clicked, self.readers)
        return Range(low=low, value=100 * self.clicked / self.readers, high=high)

    @property
    def label(self) -> str:
        """The hour as clocks show it."""
        return f"{self.hour:02}:00"


def section(scope: Scope) -> Section:
    """Return the share of readers who clicked by the hour at which their delivery began."""
    hours = _by_hour(scope, scope.last)
    known = [(item, found) for item in hours if (found := item.range)]
    known.sort(key=lambda pair: -pair[1].value)
    few = [item for item in hours if item.readers and not item.range]
    return Section(
        name="hours",
        title=_("Best hours to write"),
        heading=_("Began at"),
        columns=(
            Column(label=_("Readers")),
            Column(label=_("Clicked")),
            Column(label=_("Share"), write=share, absent=_("too few")),
            Column(label=_("at least"), write=share, absent=NOTHING),
            Column(label=_("at most"), write=share, absent=NOTHING),
        ),
        rows=_rows(known, few)[:SHOWN],
        fine=_rows(known, few),
        plot=_plot(hours, known) if known else None,
        note=_verdict(known),
        source=_(
            "Messages with counted links of the last %(n)s deliveries, by the hour at which a "
            "delivery began in %(zone)s. The range holds 19 times of 20; below %(few)s readers no "
            "share is given. Compared, not tested: other texts, days and readers may be the "
            "reason. As CSV every hour.",
            n=number(MOST),
            zone=scope.period.zone.key,
            few=number(FEWEST),
        ),
        empty=_("No message with counted links went out yet."),
    )


def _rows(known: Sequence[tuple[Hour, Range]], few: Sequence[Hour]) -> list[Row]:
    told = [
        Row(
            label=item.label,
            key=item.label,
            values=(item.readers, item.clicked, found.value, found.low, found.high),
        )
        for item, found in known
    ]
    return told + [
        Row(label=item.label, key=item.label, values=(item.readers, item.clicked, None, None, None))
        for item in few
    ]


def _by_hour(scope: Scope, lines: Sequence[Line]) -> list[Hour]:
    found = []
    counted = [line for line in lines if line.kind.clicks_named and line.tracked]
    for hour in range(HOURS):
        then = [line for line in counted if line.at.astimezone(scope.period.zone).hour == hour]
        sent, clicked = sum(line.sent for line in then), sum(line.readers for line in then)
        # A reader who clicked before the outcome of their message was known is no more than one.
        found.append(Hour(hour=hour, readers=sent, clicked=min(clicked, sent)))
    return found


def wilson(some: int, whole: int) -> tuple[float, float]:
    """Return the bounds that a share of a hundred lies between, 19 times of 20."""
    share_of, square = some / whole, Z * Z
    middle = (share_of + square / (2 * whole)) / (1 + square / whole)
    spread = Z * sqrt(share_of * (1 - share_of) / whole + square / (4 * whole * whole))
    half = spread / (1 + square / whole)
    return 100 * max(middle - half, 0.0), 100 * min(middle + half, 1.0)


def _plot(hours: Sequence[Hour], known: Sequence[tuple[Hour, Range]]) -> Plot:
    best = known[0][0].hour
    ranges = [
        Range(low=found.low, value=found.value, high=found.high, best=item.hour == best)
        if (found := item.range)
        else None
        for item in hours
    ]
    return Plot(
        label=_("Share of readers who clicked, by the hour at which a delivery began"),
        labels=[f"{item.hour:02}" for item in hours],
        ranges=ranges,
        write=share,
        every_label=True,
    )


def _verdict(known: Sequence[tuple[Hour, Range]]) -> str:
    if not known:
        return ""
    best, range_of = known[0]
    if len(known) == 1:
        return _("Only %(hour)s has enough readers to tell.", hour=best.label)
    overlapping = [item.label for item, found in known[1:] if found.high >= range_of.low]
    if not overlapping:
        return _("%(hour)s was better than every other hour.", hour=best.label)
    return _(
        "%(hour)s and %(others)s overlap: %(hour)s is likely better, not surely.",
        hour=best.label,
        others=", ".join(overlapping[:3]),
    )
