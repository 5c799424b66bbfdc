"""The weekly report by mail: who gets it, and what it says."""

from datetime import timedelta
from urllib.parse import urlencode

from sqlalchemy import delete, select

from webapp.kernel.audit import Actor
from webapp.kernel.db import insert_into
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
        runtime.session.execute(
            delete(ReportDigest).where(
                ReportDigest.operator_id == operator, ReportDigest.service_id == service.id
            )
        )
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
    rows = runtime.session.scalars(
        select(ReportDigest)
        .join(Operator, Operator.id == ReportDigest.operator_id)
        .join(Service, Service.id == ReportDigest.service_id)
        .where(Operator.active, Service.removed_at.is_(None))
        .order_by(ReportDigest.operator_id, ReportDigest.service_id)
        .execution_options(populate_existing=True)
    )
    return next((row for row in rows if (row.operator_id, row.service_id) > after), None)
