"""Who gets direct messages: all subscribers by an administrator's word, and who they are."""

from dataclasses import replace
from datetime import timedelta

from flask import Response, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp.audience.forms import read
from webapp.deliveries import reasons
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery
from webapp.deliveries.targeting import figures, target
from webapp.deliveries.views.blueprint import blueprint
from webapp.deliveries.views.draft_saving import (
    CONFLICT,
    Draft,
    address,
    conditions_page,
    faulty,
    kept,
    opened,
    page,
    refusal,
)
from webapp.kernel.errors import NotFound
from webapp.kernel.i18n import _
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs


@blueprint.post("/deliveries/<int:delivery_id>/everyone")
@needs(Permission.ADMIN)
def accept_everyone(delivery_id: int) -> ResponseReturnValue:
    """Record that an administrator takes responsibility for writing to all subscribers."""
    seen = request.form.get("revision", type=whole)
    is_old = seen not in (None, editing.get(g.runtime, delivery_id).revision)
    draft = kept(delivery_id)
    if draft.refused:
        return refusal(draft)
    # What was typed is saved by now, which made another revision.
    shown = seen if is_old else draft.delivery.revision
    try:
        editing.accept_everyone(g.runtime, delivery_id, revision=shown)
    except editing.Stale as fault:
        return faulty(delivery_id, fault)
    flash(_("You take responsibility for writing to all subscribers; the audit says so."))
    return htmx.go(address(delivery_id, "target"))


@blueprint.get("/deliveries/<int:delivery_id>/conditions")
@needs(Permission.WRITE)
def conditions(delivery_id: int) -> Response:
    """Show the target with a condition that is being written."""
    draft = _opened(delivery_id, "target")
    editor = read(request.args, conditions_page(delivery_id), draft.delivery.filters)
    return page(draft, editor.status, editor)


@blueprint.post("/deliveries/<int:delivery_id>/conditions")
@needs(Permission.WRITE)
def change_conditions(delivery_id: int) -> ResponseReturnValue:
    """Add a condition to the target, or take one away."""
    draft = _opened(delivery_id, "target")
    editor = read(request.form, conditions_page(delivery_id), draft.delivery.filters)
    if not editor.changed:
        return page(draft, htmx.FORM_ERROR, editor)
    changes = editing.DeliveryChanges(filters=editor.conditions)
    try:
        _refuse_unseen(draft.delivery)
        editing.edit(g.runtime, delivery_id, changes, revision=draft.delivery.revision)
    except editing.Stale:
        return _changed_meanwhile(delivery_id)
    return redirect(address(delivery_id, "target"), code=303)


def _refuse_unseen(delivery: Delivery) -> None:
    """Raise `Stale` where the page showed other conditions: who they left out would get it."""
    place, stored = conditions_page(delivery.id), delivery.filters
    shown = MultiDict([("where", item) for item in request.form.getlist("where")])
    if read(shown, place, stored).spelled != read(MultiDict(), place, stored).spelled:
        raise editing.Stale("")


def _changed_meanwhile(delivery_id: int) -> Response:
    draft = opened(delivery_id, "target")
    said = _(
        "Somebody else changed the conditions meanwhile. Look at them, then change them again."
    )
    return page(replace(draft, fault=said), CONFLICT)


@blueprint.get("/deliveries/<int:delivery_id>/people")
@needs(Permission.VIEW)
def people(delivery_id: int) -> Response:
    """Show the first people of the target, and who of them is left out."""
    delivery = editing.get(g.runtime, delivery_id)
    _refuse_post(delivery)
    oldest = timedelta() if "recount" in request.args else figures.FRESH
    known = figures.known(g.runtime, delivery, oldest)
    return htmx.render(
        "deliveries/compose/people.html",
        delivery=delivery,
        reason=reasons.short,
        people=target.sample(g.runtime, delivery),
        counts=known.counts,
        counted_at=known.counted_at,
    )


@blueprint.get("/deliveries/<int:delivery_id>/readers")
@needs(Permission.WRITE)
def readers(delivery_id: int) -> Response:
    """Show whose data might fill the fields of a proof, by the first letters of a name."""
    draft = _opened(delivery_id, "proof")
    return htmx.render("deliveries/compose/_readers.html", form=draft.form)


def _opened(delivery_id: int, step: str) -> Draft:
    draft = opened(delivery_id, step)
    _refuse_post(draft.delivery)
    return draft


def _refuse_post(delivery: Delivery) -> None:
    if not delivery.kind.to_people:
        raise NotFound(_("A post goes out from accounts, not to people."))
