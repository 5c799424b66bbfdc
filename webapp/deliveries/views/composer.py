"""The composer: one step open, the others in words; saved as it is typed."""

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deliveries.drafts import editing
from webapp.deliveries.views.blueprint import blueprint
from webapp.deliveries.views.draft_saving import address, kept, opened, page, refusal
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
