"""What the audit says about one delivery, its proofs and its messages' people, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from webapp.deliveries.models import Delivery
from webapp.kernel.audit import AuditEntry
from webapp.kernel.i18n import _, ngettext
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.text.formats import date_zone, moment_of

PAGE = 50
CHANGES = ("delivery.edit", "delivery.accept_everyone")


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Some entries, and where the older ones begin."""

    entries: Sequence[AuditEntry]
    older: int | None


@requires(Permission.VIEW)
def history(runtime: Runtime, delivery: Delivery, before: int | None = None) -> History:
    """Return the newest entries about a delivery and its proofs, or those before an id."""
    own = select(Delivery.id).where(
        (Delivery.id == delivery.id) | (Delivery.parent_id == delivery.id)
    )
    wanted = select(AuditEntry).where(
        AuditEntry.subject == Delivery.__tablename__, AuditEntry.subject_id.in_(own)
    )
    if before:
        wanted = wanted.where(AuditEntry.id < before)
    rows = runtime.session.scalars(wanted.order_by(AuditEntry.id.desc()).limit(PAGE + 1)).all()
    return History(entries=rows[:PAGE], older=rows[PAGE - 1].id if len(rows) > PAGE else None)


@requires(Permission.VIEW)
def changed_by(runtime: Runtime, delivery: Delivery) -> str:
    """Return who changed a delivery last, unless it was whoever asks: they have it open twice."""
    last = runtime.session.scalar(
        select(AuditEntry)
        .where(
            AuditEntry.subject == Delivery.__tablename__,
            AuditEntry.subject_id == delivery.id,
            AuditEntry.action.in_(CHANGES),
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    if last is None:
        return _("Somebody")
    mine = last.operator_id is not None and last.operator_id == runtime.actor.operator_id
    return "" if mine else last.actor


def words(entry: AuditEntry) -> str:
    """Return what was done, as a person says it."""
    number, account = entry.detail.get("number"), entry.detail.get("account", "")
    known = {
        "delivery.create": _("Made the draft"),
        "delivery.follow_up": _("Made the draft of what follows a yes"),
        "delivery.duplicate": _("Made the draft as a copy of “%(of)s”", of=entry.detail.get("of")),
        "delivery.send_rest": _(
            "Made the draft for those “%(of)s” did not reach", of=entry.detail.get("of")
        ),
        "delivery.edit": _("Edited it"),
        "delivery.accept_everyone": _("Accepted writing to all subscribers"),
        "delivery.analyse": _("Asked for the analysis"),
        "delivery.proof": _("Sent proof #%(n)s", n=number),
        "delivery.approve": _("Approved a proof"),
        "delivery.confirm": _("Confirmed it"),
        "delivery.pause": _("Paused it"),
        "delivery.hold": _("Held it up"),
        "delivery.finish": _("Finished it"),
        "delivery.resume": _("Resumed it"),
        "delivery.unschedule": _("Made it a draft again"),
        "delivery.reschedule": _("Changed its time"),
        "delivery.stop": _("Stopped it"),
        "delivery.cancel_analysis": _("Went back to the draft"),
        "delivery.settle": _("Settled what failed"),
        "delivery.go_on": _("Let the thread on %(name)s go on", name=account),
        "delivery.take_back": _("Took back the post on %(name)s", name=account),
        "delivery.remove": _("Removed it"),
    }
    return known.get(entry.action, entry.action)


def detail(entry: AuditEntry) -> str:
    """Return what more is known about a change: the fields, the warnings accepted, the proof."""
    if entry.action == "delivery.edit":
        return ", ".join(str(name).replace("_", " ") for name in entry.detail.get("fields", []))
    if entry.action == "delivery.approve":
        number = (entry.detail or {}).get("number")
        return _("Proof #%(n)s", n=number) if number else entry.label
    if entry.action == "delivery.reschedule":
        return _moved(entry)
    if entry.action == "delivery.hold":
        return str(notices.read(entry.detail.get("why", "")))
    accepted = entry.detail.get("accepted", [])
    if accepted:
        return ngettext("%(num)s warning accepted", "%(num)s warnings accepted", len(accepted))
    return ""


def _moved(entry: AuditEntry) -> str:
    """Return the time before and after, to whoever looks by their own clocks."""
    before, after = entry.detail.get("before"), entry.detail.get("after")
    times = [date_zone(moment_of(text)) for text in (before, after) if text]
    return " → ".join(times)
