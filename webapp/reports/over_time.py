"""How the figures of a delivery's posts grew, day by day, beside what posts usually get."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import median

from webapp.deliveries.models import Delivery
from webapp.kernel.i18n import _
from webapp.kernel.plots import Curve, Plot
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import date_only
from webapp.reports.queries import growth
from webapp.reports.sections import Column, Row, Section

VIEWS = "views"
# Between them stands what was not read.
FEWEST = 2
BEFORE = 10
Days = Mapping[date, Mapping[str, int]]


def section(runtime: Runtime, delivery: Delivery, words: Mapping[str, str]) -> Section | None:
    """Return each day on which the posts may have been read; nothing for a single reading."""
    found = growth.of_delivery(runtime, delivery)
    if len(found) < FEWEST:
        return None
    days = _every(min(found), max(found))
    names = sorted({name for figures in found.values() for name in figures}, key=_order)
    rows = [
        Row(
            label=date_only(day),
            key=day.isoformat(),
            values=[found.get(day, {}).get(name) for name in names],
        )
        for day in days
    ]
    return Section(
        name="growth",
        title=_("Over time"),
        heading=_("Day"),
        columns=[Column(label=words.get(name, name)) for name in names],
        rows=list(reversed(rows)),
        fine=rows,
        plot=_plot(runtime, delivery, days, found) if VIEWS in names else None,
        source=_(
            "Read from the network by the workflow Statistics: the last reading of each day of the "
            "account, of all posts together. A day on which one of them was not read is unknown. "
            "Usual is the median of the %(n)s deliveries before, as long after a first reading.",
            n=BEFORE,
        ),
    )


def _order(name: str) -> tuple[bool, str]:
    return name != VIEWS, name


def _every(first: date, last: date) -> list[date]:
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


def _plot(runtime: Runtime, delivery: Delivery, days: Sequence[date], found: Days) -> Plot:
    values = [found.get(day, {}).get(VIEWS) for day in days]
    usual = usual_by_age(growth.of_those_before(runtime, delivery, VIEWS, BEFORE))
    curves = [Curve(name=_("Views"), values=values)]
    if usual:
        ages = range(len(days))
        curves.append(Curve(name=_("Usual"), values=[usual.get(age) for age in ages], before=True))
    return Plot(
        label=_("Views of the posts, day by day"),
        labels=[date_only(day) for day in days],
        curves=curves,
        unknown=[at for at, value in enumerate(values) if value is None],
    )


def usual_by_age(earlier: Sequence[Mapping[int, int]]) -> dict[int, float]:
    """Return the median of several deliveries by how many days old they were then."""
    by_age: dict[int, list[int]] = defaultdict(list)
    for one in earlier:
        for age, value in one.items():
            by_age[age].append(value)
    return {age: median(values) for age, values in by_age.items() if len(values) >= FEWEST}
