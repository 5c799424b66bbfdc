"""The page where an operator chooses what happens to the links of a draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import Response, flash, g, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deliveries import link_choices, links
from webapp.deliveries.drafts import editing
from webapp.deliveries.link_choices import LinkChoice
from webapp.deliveries.models import Delivery
from webapp.deliveries.views.blueprint import blueprint
from webapp.deliveries.views.draft_saving import may_edit
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.i18n import _
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs

PAGE = "/deliveries/<int:delivery_id>/links"


@blueprint.get(PAGE)
@needs(Permission.VIEW)
def links_of(delivery_id: int) -> Response:
    """Show the links of a delivery with what was chosen for each."""
    delivery = editing.get(g.runtime, delivery_id)
    edits = may_edit(delivery)
    rows = (link_choices.proposed if edits else links.choices)(g.runtime, delivery)
    return _page(delivery, _Typed(rows=rows, counts=delivery.counts_clicks))


@blueprint.post(PAGE)
@needs(Permission.WRITE)
def choose_links(delivery_id: int) -> ResponseReturnValue:
    """Keep what was chosen; a name that is no link of it any more is left out."""
    names = request.form.getlist("name")
    chosen = {
        name: LinkChoice(
            label=request.form.get(f"label-{at}", ""), counted=f"counted-{at}" in request.form
        )
        for at, name in enumerate(names)
    }
    counts = "counts_clicks" in request.form
    try:
        link_choices.choose(
            g.runtime,
            delivery_id,
            counts_clicks=counts,
            chosen=chosen,
            revision=request.form.get("revision", type=whole),
        )
    except (Conflict, Invalid) as fault:
        g.runtime.session.rollback()
        return _refused(delivery_id, chosen, fault, counts=counts)
    flash(_("The links are as you chose. What was proved and analysed before no longer counts."))
    return htmx.go(url_for("deliveries.compose", delivery_id=delivery_id, step="content"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    """What was sent and is refused: by links, or a sentence about the whole."""

    rows: Sequence[links.Choice]
    counts: bool
    beside: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


def _refused(
    delivery_id: int, chosen: dict[str, LinkChoice], fault: Conflict | Invalid, *, counts: bool
) -> Response:
    """Show what was typed again, with the fault beside what it is about."""
    delivery = editing.get(g.runtime, delivery_id)
    rows = [
        replace(row, label=typed.label, counted=typed.counted)
        for row in links.choices(g.runtime, delivery)
        if (typed := chosen.get(row.name, LinkChoice(label=row.label, counted=row.counted)))
    ]
    beside = fault.fields if isinstance(fault, Invalid) else {}
    sentence = "" if beside else fault.message
    typed_now = _Typed(rows=rows, counts=counts, beside=beside, fault=sentence)
    return _page(delivery, typed_now, htmx.FORM_ERROR)


def _page(delivery: Delivery, typed: _Typed, status: int = 200) -> Response:
    return htmx.render(
        "deliveries/links.html",
        status=status,
        delivery=delivery,
        links=typed.rows,
        counts=typed.counts,
        taken=links.takes_links(g.runtime, delivery),
        beside=typed.beside,
        fault=typed.fault,
        may_edit=may_edit(delivery),
    )
