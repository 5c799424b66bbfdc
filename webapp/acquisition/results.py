"""What came of a page: how many came how far, by source and by day, and who answered last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from webapp.acquisition import counting
from webapp.acquisition.models import AcquisitionAnswer, AcquisitionDay, AcquisitionPage
from webapp.kernel.charts import Chart, Kind, Series
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import date_only, number

MOST_SHOWN = 50
# A line needs more than a point.
FEWEST = 2
Steps = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The funnel of a page, whole and by source, the most people first."""

    whole: Steps
    sources: Sequence[tuple[str, Steps]]
    days: Sequence[tuple[date, Steps]]
    latest: Sequence[AcquisitionAnswer]


@requires(Permission.VIEW)
def of_page(runtime: Runtime, page: AcquisitionPage) -> Results:
    """Return what came of a page so far."""
    sums = [func.sum(getattr(AcquisitionDay, step)).label(step) for step in counting.STEPS]
    mine = AcquisitionDay.page_id == page.id
    by_source = select(AcquisitionDay.source, *sums).where(mine).group_by(AcquisitionDay.source)
    by_day = select(AcquisitionDay.day, *sums).where(mine).group_by(AcquisitionDay.day)
    sources = [(row[0], _steps(row)) for row in runtime.session.execute(by_source)]
    rows = runtime.session.execute(by_day.order_by(AcquisitionDay.day))
    days = {row[0]: _steps(row) for row in rows}
    return Results(
        whole={step: sum(found[step] for _source, found in sources) for step in counting.STEPS},
        sources=sorted(sources, key=lambda pair: (-pair[1]["viewed"], pair[0])),
        days=_filled(days),
        latest=_latest(runtime, page),
    )


def _steps(row: Any) -> dict[str, int]:
    return {step: int(getattr(row, step) or 0) for step in counting.STEPS}


def _filled(days: Mapping[date, Steps]) -> list[tuple[date, Steps]]:
    """Return every day from the first to the last: on those between nobody came."""
    if not days:
        return []
    first, last = min(days), max(days)
    nobody = dict.fromkeys(counting.STEPS, 0)
    every = (first + timedelta(days=at) for at in range((last - first).days + 1))
    return [(day, days.get(day, nobody)) for day in every]


def _latest(runtime: Runtime, page: AcquisitionPage) -> Sequence[AcquisitionAnswer]:
    rows = (
        select(AcquisitionAnswer)
        .where(AcquisitionAnswer.page_id == page.id)
        .options(joinedload(AcquisitionAnswer.visitor))
        .order_by(AcquisitionAnswer.answered_at.desc(), AcquisitionAnswer.visitor_id)
    )
    return runtime.session.scalars(rows.limit(MOST_SHOWN)).all()


def words() -> dict[str, str]:
    """Return what each step is called."""
    return {
        "viewed": _("Views by people"),
        "fetched": _("Views by machines"),
        "started": _("Began to sign in"),
        "signed_in": _("Signed in"),
        "refused": _("Refused"),
        "consented": _("Accepted"),
        "profiles": _("New profiles"),
    }


def chart(page: AcquisitionPage, found: Results) -> Chart | None:
    """Return how many viewed a page on each day, and how many accepted; nothing for one day."""
    if len(found.days) < FEWEST:
        return None
    names = words()
    return Chart(
        kind=Kind.LINE,
        label=_("Views by people: %(n)s", n=number(found.whole["viewed"])),
        heading=_("Day"),
        keys=[day.isoformat() for day, _found in found.days],
        labels=[date_only(day) for day, _found in found.days],
        series=[
            Series(
                name=names[step],
                values=[steps[step] for _day, steps in found.days],
                drawn=step == "viewed",
            )
            for step in counting.STEPS
        ],
        csv_endpoint="acquisition.results_csv",
        csv_args={"page_id": page.id},
    )
