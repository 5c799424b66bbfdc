"""Edit or move a delivery that waits for its time."""

from flask import Response, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from webapp.deliveries.approval import rescheduling
from webapp.deliveries.drafts import editing
from webapp.deliveries.forms.moving import MoveForm
from webapp.deliveries.models import Delivery
from webapp.deliveries.views.blueprint import blueprint
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.i18n import _
from webapp.kernel.text.formats import date_zone
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import show
from webapp.operators.access import Permission, needs


@blueprint.post("/deliveries/<int:delivery_id>/unschedule")
@needs(Permission.WRITE)
def unschedule(delivery_id: int) -> ResponseReturnValue:
    """Make it a draft again and open the composer; where it began meanwhile, show how it goes."""
    try:
        delivery = rescheduling.unschedule(g.runtime, delivery_id)
    except Conflict as fault:
        flash(fault.message, "refused")
        return htmx.go(url_for("deliveries.show", delivery_id=delivery_id))
    flash(_("“%(label)s” is a draft again and is not sent.", label=delivery.label))
    return htmx.go(url_for("deliveries.compose", delivery_id=delivery_id))


@blueprint.get("/deliveries/<int:delivery_id>/time")
@needs(Permission.WRITE)
def ask_time(delivery_id: int) -> ResponseReturnValue:
    """Ask for another time; lead away from what has begun."""
    delivery = editing.get(g.runtime, delivery_id)
    if not rescheduling.can_move(g.runtime, delivery):
        return redirect(url_for("deliveries.show", delivery_id=delivery_id), code=303)
    return _page(delivery, MoveForm.of(delivery.scheduled_at), 200)


@blueprint.post("/deliveries/<int:delivery_id>/time")
@needs(Permission.WRITE)
def change_time(delivery_id: int) -> ResponseReturnValue:
    """Set another time; what is wrong with it is said beside its field."""
    delivery = editing.get(g.runtime, delivery_id)
    form = MoveForm.of(delivery.scheduled_at)
    if not form.validate_on_submit():
        return _page(delivery, form, htmx.FORM_ERROR)
    try:
        moved = rescheduling.reschedule(g.runtime, delivery_id, form.moment())
    except Invalid as fault:
        show(form, fault.fields)
        return _page(editing.get(g.runtime, delivery_id), form, htmx.FORM_ERROR)
    except Conflict as fault:
        flash(fault.message, "refused")
        return htmx.go(url_for("deliveries.show", delivery_id=delivery_id))
    at = date_zone(moved.scheduled_at)
    flash(_("“%(label)s” begins %(at)s.", label=moved.label, at=at))
    return htmx.go(url_for("deliveries.show", delivery_id=delivery_id))


def _page(delivery: Delivery, form: MoveForm, status: int) -> Response:
    return htmx.render("deliveries/time.html", delivery=delivery, form=form, status=status)
