"""The task that sends reports by mail, one in a step."""

from webapp.kernel import mail
from webapp.kernel.errors import FanfareError
from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.mail import MailFault
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice
from webapp.reports import digests
from webapp.reports.models import ReportDigest
from webapp.reports.period import Period
from webapp.workflows.models import Run
from webapp.workflows.runs import Done, More, RunFailed, Step, journal
from webapp.workflows.tasks import CoreTask

SEND_REPORTS = "send_reports"


def step(runtime: Runtime, run: Run) -> Step:
    """Send the next report that its reader has not had yet."""
    place = run.checkpoint.get("after", [0, 0])
    digest = digests.due(runtime, (place[0], place[1]))
    if digest is None:
        if run.checkpoint.get("failed"):
            raise RunFailed(Notice("reports_failed"))
        return Done()
    key = [digest.operator_id, digest.service_id]
    period = digests.week_before(runtime, digest.operator)
    if digest.week is None or digest.week < period.first:
        _claim(runtime, run, digest, key, period)
        told, failed = _send(runtime, digest, period)
        _note(runtime, run, told, failed=failed)
    elif run.checkpoint.get("claimed") == key:
        why = Notice("report_unknown", who=digest.operator.email, why=Notice("report_cut"))
        _note(runtime, run, why, failed=True)
    run.checkpoint = {**run.checkpoint, "after": key, "claimed": None}
    runtime.session.commit()
    return More()


def _claim(
    runtime: Runtime, run: Run, digest: ReportDigest, key: list[int], period: Period
) -> None:
    """Write that a week is sent before it is, so that whoever is cut off sends none twice."""
    digest.week = period.first
    run.checkpoint = {**run.checkpoint, "claimed": key}
    runtime.session.commit()


def _note(runtime: Runtime, run: Run, told: Notice, *, failed: bool) -> None:
    journal(runtime, run, told, level="error" if failed else "info")
    run.done += not failed
    run.checkpoint = {**run.checkpoint, "failed": failed or run.checkpoint.get("failed", False)}


def _send(runtime: Runtime, digest: ReportDigest, period: Period) -> tuple[Notice, bool]:
    """Send one, and return what is told of it and whether it failed; the caller commits.

    What certainly did not go out is due again with the next run.
    """
    who, name = digest.operator.email, digest.service.shown_name
    try:
        subject, text = digests.letter(runtime, digest, period)
        runtime.session.commit()
        mail.send(runtime.settings, who, subject, text)
    except (MailFault, FanfareError) as fault:
        unknown = isinstance(fault, MailFault) and fault.unknown
        if not unknown:
            digest.week = None
        code = "report_unknown" if unknown else "report_not_sent"
        return Notice(code, who=who, why=fault.message), True
    return Notice("report_sent", who=who, name=name), False


TASKS = (
    CoreTask(
        job=SEND_REPORTS,
        step=step,
        name="Weekly reports by mail",
        schedule="0 8 * * 1",
        about=lazy_gettext("Whoever asked for it gets the report of an account for the last week"),
    ),
)
