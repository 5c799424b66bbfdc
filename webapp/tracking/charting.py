"""The chart of clicks over time: by hours while they are few, else by the days of the operator."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from webapp.kernel.charts import Chart, Kind, Series
from webapp.kernel.i18n import _
from webapp.kernel.text.formats import date_only, local, number, when
from webapp.tracking.queries import moment_of

# More hours than these are told by the day.
MOST_HOURS = 72
# A line needs more than a point.
FEWEST = 2
Hours = Mapping[int, tuple[int, int]]
# A moment: its key, its words, people and machines.
Line = tuple[str, str, int, int]


def chart(hours: Hours, csv_endpoint: str = "", **csv_args: int) -> Chart | None:
    """Return the clicks of people and machines over time; nothing for one moment alone."""
    few = _span(hours) <= MOST_HOURS
    found = _by_hours(hours) if few else _by_days(hours)
    if len(found) < FEWEST:
        return None
    return _drawn(found, _("Hour by hour") if few else "", csv_endpoint, csv_args)


def of_last_days(hours: Hours, days: int, now: datetime) -> Chart | None:
    """Return the clicks of the last days, one after the other; nothing where there was none."""
    if not hours:
        return None
    last = local(now).date()
    return _drawn(_by_days(hours, last - timedelta(days=days - 1), last), "", "", {})


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


def _span(hours: Hours) -> int:
    return max(hours) - min(hours) + 1 if hours else 0


def _by_hours(hours: Hours) -> list[Line]:
    """Return each hour from the first to the last."""
    if not hours:
        return []
    found = []
    for hour in range(min(hours), max(hours) + 1):
        at = local(moment_of(hour))
        found.append((at.isoformat(), when(at), *hours.get(hour, (0, 0))))
    return found


def _by_days(hours: Hours, first: date | None = None, last: date | None = None) -> list[Line]:
    days: dict[object, tuple[int, int]] = {}
    for hour, (people, machines) in hours.items():
        day = local(moment_of(hour)).date()
        before = days.get(day, (0, 0))
        days[day] = (before[0] + people, before[1] + machines)
    first = first or local(moment_of(min(hours))).date()
    last = last or local(moment_of(max(hours))).date()
    every = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    return [(day.isoformat(), date_only(day), *days.get(day, (0, 0))) for day in every]
