"""The weekly report by mail: who gets it, and what it says."""

from datetime import date, timedelta
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from webapp.kernel.audit import Actor
from webapp.kernel.db import insert_into
from webapp.kernel.db.changes import updated
from webapp.kernel.i18n import _, in_language
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import long_day
from webapp.kernel.time import days
from webapp.kernel.web.links import link
from webapp.operators.access import GRANTED
from webapp.operators.models import Operator
from webapp.reports import report
from webapp.reports.asked import Asked
from webapp.reports.models import ReportDigest
from webapp.reports.period import DAY, WEEK, Period
from webapp.services.connection import accounts
from webapp.services.models import Service

SUNDAY, MORNING = 6, 8


@requires(Permission.VIEW)
def choose(runtime: Runtime, service_id: int, *, wanted: bool) -> None:
    """Let whoever acts get the report of an account every week, or no more."""
    service, operator = accounts.get(runtime, service_id), runtime.actor.operator_id
    if operator is None:
        return
    mine = {"operator_id": operator, "service_id": service.id}
    if wanted:
        row = insert_into(runtime.session, ReportDigest).values(**mine, created_at=runtime.now())
        runtime.session.execute(row.on_conflict_do_nothing())
    else:
        runtime.session.execute(delete(ReportDigest).where(*_is((operator, service.id))))
    runtime.record("report.mail" if wanted else "report.no_mail", service)
    runtime.session.commit()


@requires(Permission.VIEW)
def is_chosen(runtime: Runtime, service: Service) -> bool:
    """Tell whether whoever acts gets the report of an account every week."""
    key = (runtime.actor.operator_id, service.id)
    wanted = select(ReportDigest.service_id).where(
        ReportDigest.operator_id == key[0], ReportDigest.service_id == key[1]
    )
    return runtime.session.scalar(wanted) is not None


def week_before(runtime: Runtime, operator: Operator) -> Period:
    """Return the last week that is over, from Monday to Sunday, by the clocks of an operator."""
    zone = days.named(operator.time_zone) or runtime.settings.zone
    today = days.day_of(runtime.now(), zone)
    monday = today - timedelta(days=today.weekday() + WEEK)
    return Period(first=monday, last=monday + DAY * (WEEK - 1), zone=zone)


def is_time(runtime: Runtime, operator: Operator) -> bool:
    """Tell whether the report of the last week goes out now: from Monday morning to Saturday.

    The clocks of the instance may be a day ahead of an operator's: where it is still Sunday, a
    report of the week before would be followed by another one a few hours later.
    """
    zone = days.named(operator.time_zone) or runtime.settings.zone
    here = runtime.now().astimezone(zone)
    return here.weekday() != SUNDAY and (here.weekday() > 0 or here.hour >= MORNING)


def is_untold(digest: ReportDigest, period: Period) -> bool:
    """Tell whether the report of a week did not go out yet."""
    return digest.week is None or digest.week < period.first


def claim(runtime: Runtime, key: tuple[int, int], period: Period) -> bool:
    """Write that a week is sent before it is; false where somebody did, or wants none any more.

    The caller commits.
    """
    untold = or_(ReportDigest.week.is_(None), ReportDigest.week < period.first)
    mine = update(ReportDigest).where(*_is(key), untold).values(week=period.first)
    return bool(updated(runtime.session, mine))


def unclaim(runtime: Runtime, key: tuple[int, int], period: Period, before: date | None) -> None:
    """Make a week due again that certainly did not go out; the caller commits."""
    mine = update(ReportDigest).where(*_is(key), ReportDigest.week == period.first)
    updated(runtime.session, mine.values(week=before))


def _is(key: tuple[int, int]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ReportDigest.operator_id == key[0], ReportDigest.service_id == key[1]


def letter(runtime: Runtime, digest: ReportDigest, period: Period) -> tuple[str, str]:
    """Return subject and text of the report of a week, in the language of who gets it."""
    operator, service = digest.operator, digest.service
    reader = Actor(
        name=operator.name,
        operator_id=operator.id,
        time_zone=operator.time_zone,
        permissions=GRANTED[operator.role],
    )
    asked = Asked(period=period, preset=None, account=service.id)
    with in_language(operator.language):
        figures = report.figures(runtime.acting_as(reader), service, asked)
        lines = [f"{item.label}: {item.value}" + _below(item.below) for item in figures]
        subject = _("%(name)s, the week from %(day)s", name=service.shown_name, day=_day(period))
        text = "\n".join(
            [
                _(
                    "%(name)s from %(first)s to %(last)s, beside the week before "
                    "(times in %(zone)s):",
                    name=service.shown_name,
                    first=_day(period),
                    last=long_day(period.last),
                    zone=period.zone.key,
                ),
                "",
                *lines,
                "",
                _("The whole report:"),
                link(runtime.settings, f"/reports?{urlencode(asked.lasting)}"),
                "",
                _("You asked for this mail on that page, and end it there."),
            ]
        )
    return subject, text


def _day(period: Period) -> str:
    return long_day(period.first)


def _below(words: str) -> str:
    return f" ({words})" if words else ""


def due(runtime: Runtime, after: tuple[int, int]) -> ReportDigest | None:
    """Return the next one behind a place, by operator and account, whoever still may get it."""
    operator, service = ReportDigest.operator_id, ReportDigest.service_id
    behind = or_(operator > after[0], and_(operator == after[0], service > after[1]))
    return runtime.session.scalar(
        select(ReportDigest)
        .join(Operator, Operator.id == operator)
        .join(Service, Service.id == service)
        .where(Operator.active, Service.removed_at.is_(None), behind)
        .order_by(operator, service)
        .limit(1)
        .execution_options(populate_existing=True)
    )
