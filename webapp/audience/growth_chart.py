"""The chart of how the number of followers changes, and the panel that shows it."""

from collections.abc import Sequence
from typing import Any

from webapp.audience.growth import Day, Growth, growth
from webapp.kernel.charts import Chart, Kind, Series
from webapp.kernel.i18n import _
from webapp.kernel.panels import Panel
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import naming
from webapp.kernel.text.formats import date_only, number
from webapp.services.models import Service

# A line, or a bar on either side of one, needs more than a day.
FEWEST = 2


def chart(found: Growth, service: Service | None = None) -> Chart | None:
    """Return what came and went of one account, or the followers of all; nothing for one day."""
    days = found.days
    if len(days) < FEWEST:
        return None
    people = _people(service)
    told = _gained_and_lost(people, found) if service else _followers(people, found)
    return Chart(
        kind=Kind.UP_AND_DOWN if service else Kind.LINE,
        label=told,
        heading=_("Day"),
        labels=[date_only(day.date) for day in days],
        keys=[day.date.isoformat() for day in days],
        series=_series(days, people, one=service is not None),
        csv_endpoint="audience.growth_csv",
        csv_args={"service": service.id} if service else {},
    )


def panel(runtime: Runtime, service: Service) -> Panel | None:
    """Return how the followers of an account changed; a test account has none of its own."""
    if service.is_test:
        return None
    found = growth(runtime, service)
    return Panel(template="audience/_growth.html", data=data(found, service))


def data(found: Growth, service: Service | None = None) -> dict[str, Any]:
    """Return what the templates of growth read."""
    return {"growth": found, "chart": chart(found, service)}


def _series(days: Sequence[Day], people: str, *, one: bool) -> list[Series]:
    found = {
        at: _("%(n)s found by a first reading", n=number(day.found))
        for at, day in enumerate(days)
        if day.found
    }
    return [
        Series(name=_("Gained"), values=[day.gained for day in days], drawn=one),
        Series(name=_("Lost"), values=[day.lost for day in days], drawn=one),
        Series(name=people, values=[day.followers for day in days], drawn=not one, notes=found),
    ]


def _people(service: Service | None) -> str:
    """Return what the people are called, as it begins a line."""
    called = naming.people(naming.MANY, service.kind) if service else naming.everybody()
    return naming.headed(called)


def _gained_and_lost(people: str, found: Growth) -> str:
    return _(
        "%(people)s gained and lost on each of the last 30 days; "
        "the last week: %(gained)s gained, %(lost)s lost",
        people=people,
        gained=number(found.gained),
        lost=number(found.lost),
    )


def _followers(people: str, found: Growth) -> str:
    return _(
        "%(people)s of the last 30 days: from %(first)s to %(last)s",
        people=people,
        first=number(found.days[0].followers),
        last=number(found.now),
    )
