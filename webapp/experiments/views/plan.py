"""The page on which an experiment is planned, and told what it can show."""

from flask import Response, flash, g, url_for
from flask.typing import ResponseReturnValue

from webapp.deliveries.drafts import editing
from webapp.deliveries.drafts.experiments import can_be_one
from webapp.deliveries.models import Delivery
from webapp.deliveries.views.draft_saving import may_edit
from webapp.experiments import arms, drawing, planning
from webapp.experiments.forms import ARMS, PlanForm, form_of
from webapp.experiments.outlook import outlook
from webapp.experiments.statistics.power import people_at_one_look
from webapp.experiments.views.blueprint import blueprint
from webapp.experiments.words import digits, lift, percent, points
from webapp.kernel.errors import Conflict, Invalid, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import show
from webapp.operators.access import Permission, needs


@blueprint.get("/deliveries/<int:delivery_id>/experiment/plan")
@needs(Permission.VIEW)
def plan_of(delivery_id: int) -> Response:
    """Show the plan, or what one could be."""
    delivery = _delivery(delivery_id)
    people = planning.people(g.runtime, delivery)
    return _page(delivery, form_of(delivery, people, sent=False), people)


@blueprint.post("/deliveries/<int:delivery_id>/experiment/plan")
@needs(Permission.WRITE)
def plan(delivery_id: int) -> ResponseReturnValue:
    """Keep the plan; what was proved and analysed before no longer counts."""
    delivery = _delivery(delivery_id)
    people = planning.people(g.runtime, delivery)
    form = form_of(delivery, people, sent=True)
    if not form.validate():
        return _page(delivery, form, people, status=htmx.FORM_ERROR)
    try:
        planning.plan(g.runtime, delivery_id, form.experiment(), revision=form.revision.data)
    except (Conflict, Invalid) as fault:
        g.runtime.session.rollback()
        fields = fault.fields if isinstance(fault, Invalid) else {}
        show(form, fields)
        sentence = "" if fields else fault.message
        return _page(_delivery(delivery_id), form, people, sentence, htmx.FORM_ERROR)
    flash(_("The plan is kept. It is sealed with the texts when the delivery is sent."))
    return htmx.go(url_for("experiments.plan_of", delivery_id=delivery_id))


@blueprint.post("/deliveries/<int:delivery_id>/experiment/leave")
@needs(Permission.WRITE)
def leave(delivery_id: int) -> ResponseReturnValue:
    """Take the other texts and the plan out: everybody gets text A."""
    try:
        planning.plan(g.runtime, delivery_id, None)
        flash(_("The experiment is taken out. Everybody gets the first text."))
    except Conflict as fault:
        g.runtime.session.rollback()
        flash(fault.message, "refused")
    return htmx.go(url_for("deliveries.compose", delivery_id=delivery_id, step="content"))


def _delivery(delivery_id: int) -> Delivery:
    delivery = editing.get(g.runtime, delivery_id)
    if not can_be_one(delivery):
        raise NotFound(_("Only direct messages to several people can be tested."))
    return delivery


def _page(
    delivery: Delivery, form: PlanForm, people: int, fault: str = "", status: int = 200
) -> Response:
    planned = delivery.experiment
    seen = outlook(planned, people) if planned else None
    return htmx.render(
        "experiments/plan.html",
        status=status,
        delivery=delivery,
        form=form,
        fault=fault,
        content=delivery.content,
        has_html=bool(delivery.variants[0].parts[0].html),
        letters=list(zip(arms.LETTERS[1:], ARMS, strict=True)),
        people=people,
        outlook=seen,
        drawn=drawing.drawn(seen) if seen and people else None,
        asked=drawing.asked,
        planned=planned,
        percent=percent,
        points=points,
        digits=digits,
        lift=lift,
        classic=people_at_one_look(0.02, 0.03),
        may_edit=may_edit(delivery),
    )
