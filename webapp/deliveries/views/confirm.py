"""The analysis and its verdict, and the one button that sends a delivery."""

from collections.abc import Sequence

from flask import Response, flash, g, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deliveries import proofs, reasons
from webapp.deliveries.analysis import mark
from webapp.deliveries.analysis.result import result_of
from webapp.deliveries.approval import confirm as confirming
from webapp.deliveries.approval import four_eyes
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import UNSENT, Delivery, DeliveryState
from webapp.deliveries.queries.overview import budgets
from webapp.deliveries.views.blueprint import blueprint
from webapp.deliveries.views.show import drawn, each
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs


@blueprint.get("/deliveries/<int:delivery_id>/confirm")
@needs(Permission.VIEW)
def confirm_page(delivery_id: int) -> ResponseReturnValue:
    """Show how the analysis gets on, or its verdict; lead away once there is nothing to confirm."""
    delivery = editing.get(g.runtime, delivery_id)
    if delivery.is_proof or delivery.state not in UNSENT:
        return htmx.go(url_for("deliveries.show", delivery_id=delivery_id))
    return _page(delivery, accepted=request.args.getlist("accept"))


@blueprint.post("/deliveries/<int:delivery_id>/confirm")
@needs(Permission.WRITE)
def confirm(delivery_id: int) -> ResponseReturnValue:
    """Send the delivery that was looked at; a warning left open keeps the others accepted.

    Who presses twice, or after somebody else, is led to where the delivery stands.
    """
    accepted = request.form.getlist("accept")
    revision, shown = request.form.get("revision", type=whole), request.form.get("mark", "")
    try:
        delivery = confirming.confirm(
            g.runtime, delivery_id, accepted, revision=revision, mark=shown
        )
    except confirming.Unseen as fault:
        g.runtime.session.rollback()
        delivery = editing.get(g.runtime, delivery_id)
        return _page(delivery, accepted=accepted, fault=fault.message, status=htmx.FORM_ERROR)
    except Conflict as fault:
        flash(fault.message, "refused")
        return htmx.go(url_for("deliveries.show", delivery_id=delivery_id))
    if delivery.state is DeliveryState.SCHEDULED:
        flash(_("“%(label)s” is scheduled.", label=delivery.label))
    return htmx.go(url_for("deliveries.show", delivery_id=delivery_id))


def _page(
    delivery: Delivery, *, accepted: Sequence[str] = (), fault: str = "", status: int = 200
) -> Response:
    proof, proof_state = next(iter(proofs.leading(g.runtime, delivery)), (None, "none"))
    return htmx.render(
        "deliveries/confirm.html",
        fragment="deliveries/_verdict.html",
        status=status,
        delivery=delivery,
        verdict=result_of(delivery),
        mark=mark(delivery),
        objection=four_eyes.objection(g.runtime, delivery),
        warnings=confirming.to_accept(g.runtime, delivery),
        preview=drawn(delivery),
        previews=each(delivery),
        budgets=budgets(g.runtime, delivery),
        proof=proof,
        proof_state=proof_state,
        accepted=accepted,
        fault=fault,
        short=reasons.short,
        now=g.runtime.now(),
    )
