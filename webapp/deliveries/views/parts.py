"""The parts of one message: take back what is out, or let the thread go on."""

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deliveries.control import delete_post, going_on
from webapp.deliveries.drafts import editing
from webapp.deliveries.queries import parts
from webapp.deliveries.views.blueprint import blueprint
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs


@blueprint.get("/deliveries/<int:delivery_id>/messages/<int:message_id>/parts")
@needs(Permission.VIEW)
def parts_of(delivery_id: int, message_id: int) -> Response:
    """Show a message part by part, and what would be deleted before it is."""
    delivery = editing.get(g.runtime, delivery_id)
    found = parts.parts_of(g.runtime, delivery_id, message_id)
    able = delete_post.can_take_back(g.runtime, delivery) and found.message.is_out
    return htmx.render(
        "deliveries/parts.html",
        delivery=delivery,
        title=delivery.title,
        found=found,
        can_take_back=able and bool(found.out_now),
        can_go_on=going_on.can_go_on(g.runtime, found.message),
    )


@blueprint.post("/deliveries/<int:delivery_id>/messages/<int:message_id>/take-back")
@needs(Permission.WRITE)
def take_back(delivery_id: int, message_id: int) -> ResponseReturnValue:
    """Have the network delete what went out; what stands in the way is said."""
    seen = request.form.getlist("part", type=whole)
    try:
        message = delete_post.take_back(g.runtime, delivery_id, message_id, seen or None)
        flash(_("The post on %(name)s is taken back.", name=message.service.shown_name))
    except Conflict as fault:
        g.runtime.session.rollback()
        flash(fault.message, "refused")
    if seen:
        return redirect(_page(delivery_id, message_id), code=303)
    return redirect(url_for("deliveries.show", delivery_id=delivery_id), code=303)


@blueprint.post("/deliveries/<int:delivery_id>/messages/<int:message_id>/go-on")
@needs(Permission.WRITE)
def go_on(delivery_id: int, message_id: int) -> ResponseReturnValue:
    """Send the parts that are not out yet; what stands in the way is said."""
    try:
        delivery = going_on.go_on(g.runtime, delivery_id, message_id)
        flash(_("“%(label)s” goes on.", label=delivery.label))
    except Conflict as fault:
        g.runtime.session.rollback()
        flash(fault.message, "refused")
        return redirect(_page(delivery_id, message_id), code=303)
    return redirect(url_for("deliveries.show", delivery_id=delivery_id), code=303)


def _page(delivery_id: int, message_id: int) -> str:
    return url_for("deliveries.parts_of", delivery_id=delivery_id, message_id=message_id)
