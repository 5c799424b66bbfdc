"""The task that sends reports by mail, one in a step."""

from webapp.kernel import faults, mail
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
    key = (digest.operator_id, digest.service_id)
    period = digests.week_before(runtime, digest.operator)
    if run.checkpoint.get("claimed") == [*key]:
        why = Notice("report_unknown", who=digest.operator.email, why=Notice("report_cut"))
        _note(runtime, run, why, failed=True)
    elif digests.is_time(runtime, digest.operator) and digests.is_untold(digest, period):
        _send(runtime, run, digest, period)
    run.checkpoint = {**run.checkpoint, "after": [*key], "claimed": None}
    runtime.session.commit()
    return More()


def _send(runtime: Runtime, run: Run, digest: ReportDigest, period: Period) -> None:
    """Send one and note what came of it; the caller commits.

    That it is sent is written before, so that whoever is cut off sends none twice. What certainly
    did not go out is due again with the next run.
    """
    key = (digest.operator_id, digest.service_id)
    who, name, before = digest.operator.email, digest.service.shown_name, digest.week
    letter = _letter(runtime, run, digest, period)
    if letter is None or not digests.claim(runtime, key, period):
        return
    run.checkpoint = {**run.checkpoint, "claimed": [*key]}
    runtime.session.commit()
    try:
        mail.send(runtime.settings, who, *letter)
    except MailFault as fault:
        if not fault.unknown:
            digests.unclaim(runtime, key, period, before)
        code = "report_unknown" if fault.unknown else "report_not_sent"
        _note(runtime, run, Notice(code, who=who, why=fault.message), failed=True)
        return
    _note(runtime, run, Notice("report_sent", who=who, name=name), failed=False)


def _letter(
    runtime: Runtime, run: Run, digest: ReportDigest, period: Period
) -> tuple[str, str] | None:
    """Return a letter; nothing, with a line in the journal, where it could not be made."""
    who = digest.operator.email
    try:
        return digests.letter(runtime, digest, period)
    # The border to every part of a report: a fault in that of one account keeps it from no other.
    except Exception as fault:
        runtime.session.rollback()
        if faults.is_outage(fault):
            raise
        _note(runtime, run, Notice("report_not_sent", who=who, why=faults.why(fault)), failed=True)
        return None


def _note(runtime: Runtime, run: Run, told: Notice, *, failed: bool) -> None:
    journal(runtime, run, told, level="error" if failed else "info")
    run.done += not failed
    run.checkpoint = {**run.checkpoint, "failed": failed or run.checkpoint.get("failed", False)}


TASKS = (
    CoreTask(
        job=SEND_REPORTS,
        step=step,
        name="Weekly reports by mail",
        # Everybody's Monday morning comes at another hour, and what was refused is tried again.
        schedule="0 */2 * * 1,2",
        about=lazy_gettext("Whoever asked for it gets the report of an account for the last week"),
    ),
)
