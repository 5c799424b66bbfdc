"""The chart of clicks over time: by hours while they are few, else by the days of the operator."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from webapp.kernel.charts import Chart, Kind, Series
from webapp.kernel.i18n import _
from webapp.kernel.text.formats import date_only, local, number, when
from webapp.tracking.queries import moment_of

# More hours than these are told by the day.
MOST_HOURS = 72
# A line needs more than a point.
FEWEST = 2
# People and machines by the number of the quarter of an hour.
Pair = tuple[int, int]
Quarters = Mapping[int, Pair]
# A moment: its key, its words, people and machines.
Line = tuple[str, str, int, int]


def chart(quarters: Quarters, csv_endpoint: str = "", **csv_args: int) -> Chart | None:
    """Return the clicks of people and machines over time; nothing for one moment alone."""
    few = _span(quarters) <= MOST_HOURS
    found = _by_hours(quarters) if few else _by_days(quarters)
    if len(found) < FEWEST:
        return None
    return _drawn(found, _("Hour by hour") if few else "", csv_endpoint, csv_args)


def of_last_days(quarters: Quarters, days: int, now: datetime) -> Chart | None:
    """Return the clicks of the last days, one after the other; nothing where there was none."""
    if not quarters:
        return None
    last = local(now).date()
    return _drawn(_by_days(quarters, last - timedelta(days=days - 1), last), "", "", {})


def _drawn(
    found: Sequence[Line], summary: str, csv_endpoint: str, csv_args: Mapping[str, int]
) -> Chart:
    people = [one[2] for one in found]
    return Chart(
        kind=Kind.LINE,
        label=_(
            "Clicks of people from %(first)s to %(last)s: %(n)s",
            first=found[0][1],
            last=found[-1][1],
            n=number(sum(people)),
        ),
        heading=_("Time"),
        summary=summary,
        keys=[one[0] for one in found],
        labels=[one[1] for one in found],
        series=[
            Series(name=_("People"), values=people),
            Series(name=_("Machines"), values=[one[3] for one in found], drawn=False),
        ],
        csv_endpoint=csv_endpoint,
        csv_args=csv_args,
    )


def _span(quarters: Quarters) -> int:
    """Return how many hours there are from the first click to the last."""
    return (max(quarters) - min(quarters)) // 4 + 1 if quarters else 0


def _by_hours(quarters: Quarters) -> list[Line]:
    """Return each hour of the operator's clocks from the first to the last."""
    if not quarters:
        return []
    every = range(min(quarters), max(quarters) + 1)
    found: dict[datetime, list[Pair]] = {}
    for quarter in every:
        found.setdefault(_hour_of(quarter), []).append(quarters.get(quarter, (0, 0)))
    return [(at.isoformat(), when(at), *_sum(pairs)) for at, pairs in found.items()]


def _hour_of(quarter: int) -> datetime:
    """Return when the hour of a quarter began, by the operator's clocks."""
    moment = moment_of(quarter)
    return local(moment - timedelta(minutes=local(moment).minute))


def _by_days(quarters: Quarters, first: date | None = None, last: date | None = None) -> list[Line]:
    days: dict[date, list[Pair]] = {}
    for quarter, pair in quarters.items():
        days.setdefault(local(moment_of(quarter)).date(), []).append(pair)
    first, last = first or min(days), last or max(days)
    every = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    return [(day.isoformat(), date_only(day), *_sum(days.get(day, ()))) for day in every]


def _sum(pairs: Iterable[Pair]) -> Pair:
    """Return people and machines of several quarters."""
    some = list(pairs)
    return sum(pair[0] for pair in some), sum(pair[1] for pair in some)
