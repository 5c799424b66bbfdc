"""One delivery while it goes out and after: its live part, log, exclusions, proofs and audit."""

from datetime import timedelta
from decimal import Decimal

from flask import Response, g, request, url_for
from flask.typing import ResponseReturnValue

from webapp.deliveries import analysis, counts, places, proofs, reasons
from webapp.deliveries.analysis import preview
from webapp.deliveries.control import delete_post
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import UNSENT, Delivery, DeliveryState, MessageState
from webapp.deliveries.queries import audit_trail, exclusions, log, outcome
from webapp.deliveries.queries.overview import overview
from webapp.deliveries.targeting import figures, target
from webapp.deliveries.views.blueprint import blueprint
from webapp.kernel.errors import NotFound
from webapp.kernel.i18n import _
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs

COMPOSED = (DeliveryState.DRAFT, DeliveryState.REJECTED)


@blueprint.get("/deliveries/<int:delivery_id>")
@needs(Permission.VIEW)
def show(delivery_id: int) -> ResponseReturnValue:
    """Show a delivery that was confirmed, with its log; lead to the right page before that."""
    delivery = editing.get(g.runtime, delivery_id)
    if delivery.state in UNSENT:
        return htmx.go(before_sending(delivery))
    if delivery.removed_at:
        return htmx.go(url_for("deliveries.proofs_of", delivery_id=delivery.id))
    query = _query()
    return tab_page(
        "deliveries/log.html",
        delivery,
        tab="log",
        fragment="deliveries/_live.html",
        query=query,
        filters=_filters(query),
        asked=_asked(query),
        can_take_back=delete_post.can_take_back(g.runtime, delivery),
        page=log.log_page(g.runtime, delivery.id, query),
        why=_why(delivery),
        failures=counts.by_reason(g.runtime, delivery.id, MessageState.FAILED),
    )


def before_sending(delivery: Delivery) -> str:
    """Return the address of the page where a delivery stands that does not go out yet."""
    page = "deliveries.compose" if delivery.state in COMPOSED else "deliveries.confirm_page"
    return url_for(page, delivery_id=delivery.id)


def _query() -> log.Query:
    return log.Query(
        state=request.args.get("state", ""),
        words=request.args.get("q", ""),
        reason=request.args.get("reason", ""),
        after=request.args.get("after", type=whole),
        before=request.args.get("before", type=whole),
    )


def _filters(query: log.Query) -> dict[str, str]:
    named = {"state": query.state, "q": query.words.strip(), "reason": query.reason}
    return {name: value for name, value in named.items() if value}


def _asked(query: log.Query) -> dict[str, object]:
    """Return everything an address of this page says, so that it can be asked again."""
    more = {
        "after": query.after,
        "before": query.before,
        "why": request.args.get("why", type=whole),
    }
    return _filters(query) | {name: value for name, value in more.items() if value}


def _why(delivery: Delivery) -> log.Why | None:
    """Explain the message the address asks about, if it is of this delivery."""
    message_id = request.args.get("why", type=whole)
    return log.why(g.runtime, delivery.id, message_id) if message_id else None


@blueprint.get("/deliveries/<int:delivery_id>/exclusions")
@needs(Permission.VIEW)
def left_out(delivery_id: int) -> Response:
    """Show who was left out by reason; a reason opens its people."""
    delivery = editing.get(g.runtime, delivery_id)
    reason, after = request.args.get("reason", ""), request.args.get("after", 0, type=whole)
    found = exclusions.people(g.runtime, delivery, reason, after) if reason else None
    oldest = timedelta() if "recount" in request.args else figures.FRESH
    excluded = exclusions.left_out(g.runtime, delivery, oldest)
    return tab_page(
        "deliveries/exclusions.html",
        delivery,
        tab="exclusions",
        excluded=excluded.by_reason,
        counted_at=excluded.counted_at,
        reason=reason,
        after=after,
        people=found,
    )


@blueprint.get("/deliveries/<int:delivery_id>/proofs")
@needs(Permission.VIEW)
def proofs_of(delivery_id: int) -> Response:
    """List the proofs, each with its state."""
    delivery = editing.get(g.runtime, delivery_id)
    if delivery.is_proof:
        raise NotFound(_("A proof has no proofs of its own."))
    return tab_page("deliveries/proofs.html", delivery, tab="proofs", proofs=proof_lines(delivery))


def proof_lines(delivery: Delivery) -> list[tuple[Delivery, str, Decimal]]:
    """Return the proofs of a delivery with their states and what each did cost, newest first."""
    rows = proofs.proofs(g.runtime, delivery.id)
    figures = counts.figures_of(g.runtime, [row.id for row in rows])
    return [(row, proofs.state_of(row, delivery), figures[row.id].cost) for row in rows]


@blueprint.get("/deliveries/<int:delivery_id>/audit")
@needs(Permission.VIEW)
def audit_of(delivery_id: int) -> Response:
    """Show who did what to this delivery, newest first."""
    delivery = editing.get(g.runtime, delivery_id)
    before = request.args.get("before", type=whole)
    found = audit_trail.history(g.runtime, delivery, before)
    return tab_page("deliveries/audit.html", delivery, tab="audit", history=found)


def tab_page(
    name: str, delivery: Delivery, *, fragment: str | None = None, **more: object
) -> Response:
    """Render a tab of a delivery's page; domains above render those that they add."""
    shown = {
        "delivery": delivery,
        "seen": overview(g.runtime, delivery),
        "now": g.runtime.now(),
        "accepted": analysis.accepted(delivery),
        "preview": drawn(delivery),
        "outcome": outcome.outcome(g.runtime, delivery),
        "short": reasons.short,
        "words": audit_trail.words,
        "detail": audit_trail.detail,
        "added_tabs": [
            (tab.name, tab.label, url_for(tab.endpoint, **tab.arguments), tab.count)
            for tab in places.TABS.ask(g.runtime, delivery)
        ],
        "proof_state": proofs.state_of(delivery, delivery.parent) if delivery.parent else "",
    }
    return htmx.render(name, fragment=fragment, **shown, **more)  # type: ignore[arg-type]  # template names


def drawn(delivery: Delivery) -> preview.Preview:
    """Return the message as the first person of the target reads it."""
    account = delivery.services[0] if delivery.services else None
    person = None
    if delivery.is_proof:
        person = proofs.data_of(g.runtime, delivery)
    elif delivery.kind.to_people:
        person = target.person(g.runtime, delivery)
    return preview.draw(g.runtime, delivery, account, person)


def each(delivery: Delivery) -> list[preview.Preview]:
    """Return a post as each of its accounts publishes it, a message as its first reader has it."""
    voices = delivery.kind.voices(delivery.services)
    if len(voices) < 2:  # noqa: PLR2004 - many
        return [drawn(delivery)]
    return [preview.draw(g.runtime, delivery, account) for account in voices]
