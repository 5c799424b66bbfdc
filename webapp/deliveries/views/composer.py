"""The composer: one step open, the others in words; saved as it is typed."""

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deliveries import arranging
from webapp.deliveries.drafts import editing
from webapp.deliveries.views.blueprint import blueprint
from webapp.deliveries.views.draft_saving import (
    address,
    arranged,
    faulty,
    kept,
    opened,
    page,
    refusal,
)
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.i18n import _
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs


@blueprint.get("/deliveries/<int:delivery_id>/compose")
@needs(Permission.VIEW)
def compose(delivery_id: int) -> ResponseReturnValue:
    """Show the draft at a step; who may not edit it reads it."""
    delivery = editing.get(g.runtime, delivery_id)
    if delivery.parent_id:
        return redirect(url_for("deliveries.compose", delivery_id=delivery.parent_id, step="proof"))
    return page(opened(delivery_id, request.args.get("step", "")))


@blueprint.post("/deliveries/<int:delivery_id>/compose")
@needs(Permission.WRITE)
def save(delivery_id: int) -> ResponseReturnValue:
    """Save a step: unasked while it is typed, or by its button."""
    draft = kept(delivery_id)
    if draft.refused:
        return refusal(draft)
    if htmx.wants_fragment():
        return page(draft)
    onward = request.form.get("go") or draft.step
    return redirect(address(delivery_id, onward), code=303)


@blueprint.post("/deliveries/<int:delivery_id>/compose/parts")
@needs(Permission.WRITE)
def arrange(delivery_id: int) -> ResponseReturnValue:
    """Save what was typed, then add, remove, move or split parts; and show them anew."""
    draft = kept(delivery_id)
    if draft.refused:
        return refusal(draft)
    try:
        wish = arranging.wish_of(
            request.form.get("arrange", ""),
            request.form.get("removed", ""),
            request.form.getlist("removed_media"),
        )
        done = arranging.arrange(g.runtime, delivery_id, wish)
    except (Conflict, Invalid) as fault:
        g.runtime.session.rollback()
        return faulty(delivery_id, fault)
    if htmx.wants_fragment():
        return page(arranged(draft, done))
    if done.removed:
        flash(_("%(done)s It said: “%(words)s”", done=done.words, words=done.removed))
    return redirect(f"{address(delivery_id, draft.step)}#part-{done.focus + 1}", code=303)
