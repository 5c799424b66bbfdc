"""The pictures of a draft: brought, taken from the library, moved and taken out."""

from flask import g, redirect, request
from flask.typing import ResponseReturnValue

from webapp.deliveries import illustrating
from webapp.deliveries.drafts import editing
from webapp.deliveries.illustrating import Brought, Way, Wish
from webapp.deliveries.models import Delivery
from webapp.deliveries.views.blueprint import blueprint
from webapp.deliveries.views.draft_saving import (
    Pictured,
    address,
    faulty,
    kept,
    may_edit,
    page,
    pictured,
    refusal,
)
from webapp.kernel.errors import Conflict, Invalid, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.text.cleaning import clean, whole
from webapp.kernel.web import htmx
from webapp.media import library
from webapp.operators.access import Permission, needs


@blueprint.post("/deliveries/<int:delivery_id>/compose/media")
@needs(Permission.WRITE)
def illustrate(delivery_id: int) -> ResponseReturnValue:
    """Save what was typed, then add, move or take out a picture; and show it."""
    draft = kept(delivery_id)
    if draft.refused:
        return refusal(draft)
    try:
        wish = illustrating.wish_of(request.form.get("media", ""))
        delivery = _done(delivery_id, wish)
    except Invalid as fault:
        g.runtime.session.rollback()
        if not fault.fields:
            return faulty(delivery_id, fault)
        # Beside the field it was chosen in, with everything that was typed saved.
        seen = Pictured(part=wish.part, fault=fault.message)
        return page(pictured(draft, editing.get(g.runtime, delivery_id), seen), htmx.FORM_ERROR)
    except (Conflict, NotFound) as fault:
        g.runtime.session.rollback()
        return faulty(delivery_id, fault)
    if htmx.wants_fragment():
        seen = Pictured(part=wish.part, words=illustrating.words(wish))
        return page(pictured(draft, delivery, seen))
    return redirect(f"{address(delivery_id, draft.step)}#media-{wish.part + 1}", code=303)


def _done(delivery_id: int, wish: Wish) -> Delivery:
    if wish.way is Way.BRING:
        file = request.files.get(f"picture-{wish.part}")
        name = clean(file.filename or "") if file else ""
        brought = Brought(data=file.read() if file else b"", name=name)
        try:
            return illustrating.bring(g.runtime, delivery_id, wish.part, brought)
        except Invalid as fault:
            raise Invalid(fault.message, {f"picture-{wish.part}": fault.message}) from fault
    if wish.way is Way.TAKE:
        digest = request.form.get("digest", "")
        return illustrating.take(g.runtime, delivery_id, wish.part, digest)
    return illustrating.arrange(g.runtime, delivery_id, wish)


@blueprint.get("/deliveries/<int:delivery_id>/compose/media")
@needs(Permission.WRITE)
def choose_picture(delivery_id: int) -> ResponseReturnValue:
    """Show the library, to choose a picture for a part."""
    delivery = editing.get(g.runtime, delivery_id)
    part = request.args.get("part", 0, type=whole)
    if not may_edit(delivery) or part >= len(delivery.media):
        return redirect(address(delivery_id), code=303)
    return htmx.render(
        "deliveries/compose/pictures.html",
        delivery=delivery,
        step=delivery.kind.first_step(from_account=True),
        part=part,
        shelf=library.shelf(g.runtime, request.args.get("before", type=whole)),
        title=_("Choose a picture"),
    )


@blueprint.post("/deliveries/<int:delivery_id>/compose/media/take")
@needs(Permission.WRITE)
def take_picture(delivery_id: int) -> ResponseReturnValue:
    """Let a part show a picture of the library."""
    part = request.form.get("part", 0, type=whole)
    digest = request.form.get("digest", "")
    try:
        delivery = illustrating.take(g.runtime, delivery_id, part, digest)
    except (Conflict, Invalid, NotFound) as fault:
        g.runtime.session.rollback()
        return faulty(delivery_id, fault)
    step = "content" if "content" in delivery.kind.steps else ""
    return redirect(f"{address(delivery_id, step)}#media-{part + 1}", code=303)
