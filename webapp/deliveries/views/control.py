"""Pause, resume, stop and settle a delivery; approve a proof; lift a quarantine."""

from collections.abc import Callable
from datetime import datetime

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.audience import quarantine
from webapp.deliveries import control, proofs
from webapp.deliveries.approval import settlement
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery
from webapp.deliveries.queries import log
from webapp.deliveries.views.blueprint import blueprint
from webapp.kernel.errors import Conflict, NotFound
from webapp.kernel.i18n import _, lazy_gettext
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs


def _settle(runtime: Runtime, delivery_id: int) -> Delivery:
    """Settle what had failed when the page with the button was made."""
    delivery, more = settlement.settle_seen(runtime, delivery_id, _made())
    if more:
        flash(_("More failed since you looked. Look at it, too."), "refused")
    return delivery


def _made() -> datetime | None:
    try:
        at = datetime.fromisoformat(request.form.get("at", ""))
    except ValueError:
        return None
    return at if at.tzinfo else None


ACTIONS: dict[str, tuple[Callable[[Runtime, int], Delivery], str]] = {
    "pause": (control.pause, lazy_gettext("“%(label)s” is paused.")),
    "resume": (control.resume, lazy_gettext("“%(label)s” goes on.")),
    "stop": (control.stop, lazy_gettext("“%(label)s” is stopped.")),
    "settle": (_settle, lazy_gettext("What failed of “%(label)s” is settled.")),
}


@blueprint.post("/deliveries/<int:delivery_id>/<any(pause,resume,stop,settle):action>")
@needs(Permission.WRITE)
def act(delivery_id: int, action: str) -> ResponseReturnValue:
    """Do one of the actions and show the delivery again, also where it came too late."""
    use_case, sentence = ACTIONS[action]
    try:
        delivery = use_case(g.runtime, delivery_id)
        flash(str(sentence) % {"label": delivery.label})
    except Conflict as fault:
        g.runtime.session.rollback()
        flash(fault.message, "refused")
    return htmx.go(_back(delivery_id))


def _back(delivery_id: int) -> str:
    """Return the address of the page the button stood on."""
    if request.form.get("back") == "home":
        return url_for("system.home")
    if request.form.get("back") == "list":
        return url_for("deliveries.index", view="needs")
    return url_for("deliveries.show", delivery_id=delivery_id)


@blueprint.post("/deliveries/<int:delivery_id>/approve")
@needs(Permission.APPROVE)
def approve(delivery_id: int) -> ResponseReturnValue:
    """Approve a proof, and go where its delivery stands now, also where it came too late."""
    proof = editing.get(g.runtime, delivery_id)
    try:
        revision = request.form.get("revision", type=whole)
        proofs.approve(g.runtime, delivery_id, revision=revision)
        flash(_("Proof #%(n)s is approved.", n=proof.number))
    except Conflict as fault:
        g.runtime.session.rollback()
        flash(fault.message, "refused")
    shown = proof.parent_id or delivery_id
    return redirect(url_for("deliveries.show", delivery_id=shown), code=303)


@blueprint.post("/deliveries/<int:delivery_id>/messages/<int:message_id>/lift")
@needs(Permission.WRITE)
def lift(delivery_id: int, message_id: int) -> ResponseReturnValue:
    """Lift the quarantine that a failed message led to."""
    message = log.of_delivery(g.runtime, delivery_id, message_id)
    if message.subscription_id is None:
        raise NotFound(_("This message was not to a subscriber."))
    quarantine.lift(g.runtime, message.subscription_id)
    flash(_("The quarantine is lifted; the next delivery tries again."))
    return redirect(url_for("deliveries.show", delivery_id=delivery_id, why=message_id), code=303)
