"""What is done with a draft: prove, analyse, duplicate, keep as a template, remove."""

from flask import Response, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from webapp.deliveries import analysis, proofs
from webapp.deliveries.control import delete
from webapp.deliveries.counts import figures_of
from webapp.deliveries.drafts import copying, editing, templates
from webapp.deliveries.forms.template import TemplateNameForm
from webapp.deliveries.models import Delivery
from webapp.deliveries.queries.live_review import errors
from webapp.deliveries.views.blueprint import blueprint
from webapp.deliveries.views.draft_saving import address, faulty, kept, may_edit, refusal, unfit
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.i18n import _, ngettext
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import show, text
from webapp.operators.access import Permission, needs


@blueprint.post("/deliveries/<int:delivery_id>/proof")
@needs(Permission.WRITE)
def send_proof(delivery_id: int) -> ResponseReturnValue:
    """Save what was typed, send it as a proof, and show how the proof gets on."""
    draft = kept(delivery_id)
    if draft.refused:
        return refusal(draft)
    try:
        proofs.send_proof(g.runtime, delivery_id)
    except (Conflict, Invalid) as fault:
        return faulty(delivery_id, fault)
    return htmx.go(address(delivery_id, "proof"))


@blueprint.get("/deliveries/<int:delivery_id>/proof")
@needs(Permission.VIEW)
def proof_state(delivery_id: int) -> ResponseReturnValue:
    """Show how the proofs get on; the fragment asks again until the newest has arrived."""
    if not htmx.wants_fragment():
        return redirect(url_for("deliveries.compose", delivery_id=delivery_id, step="proof"))
    delivery = editing.get(g.runtime, delivery_id)
    shown = proofs.leading(g.runtime, delivery)
    answer = htmx.render(
        "deliveries/compose/_proof_state.html",
        delivery=delivery,
        proofs=shown,
        may_edit=may_edit(delivery),
        now=g.runtime.now(),
    )
    if "sending" not in [state for _proof, state in shown]:
        answer.headers["HX-Trigger"] = "proof-ended"
    return answer


@blueprint.post("/deliveries/<int:delivery_id>/analyse/cancel")
@needs(Permission.WRITE)
def cancel_analysis(delivery_id: int) -> ResponseReturnValue:
    """Turn what is being analysed back into a draft, or show what was found meanwhile."""
    try:
        analysis.cancel(g.runtime, delivery_id)
    except Conflict as fault:
        g.runtime.session.rollback()
        flash(fault.message, "refused")
        return htmx.go(url_for("deliveries.confirm_page", delivery_id=delivery_id))
    return htmx.go(url_for("deliveries.compose", delivery_id=delivery_id))


@blueprint.post("/deliveries/<int:delivery_id>/analyse")
@needs(Permission.WRITE)
def analyse(delivery_id: int) -> ResponseReturnValue:
    """Save what was typed and start the analysis, which the next page shows.

    What the checks beside the text call an error already needs no analysis to be found again.
    """
    draft = kept(delivery_id)
    if draft.refused:
        return refusal(draft)
    wrong = errors(g.runtime, draft.delivery)
    if wrong:
        return unfit(delivery_id, wrong)
    try:
        analysis.start(g.runtime, delivery_id)
    except Conflict as fault:
        return faulty(delivery_id, fault)
    return htmx.go(url_for("deliveries.confirm_page", delivery_id=delivery_id))


@blueprint.post("/deliveries/<int:delivery_id>/duplicate")
@needs(Permission.WRITE)
def duplicate(delivery_id: int) -> ResponseReturnValue:
    """Save what was typed, make a draft with the same target and content, and open it."""
    draft = kept(delivery_id)
    if draft.refused:
        return refusal(draft)
    copy = copying.duplicate(g.runtime, delivery_id)
    flash(_("This is a copy. What was accepted and proved must be accepted and proved again."))
    _warn_of_repetition(delivery_id)
    return htmx.go(url_for("deliveries.compose", delivery_id=copy.id))


def _warn_of_repetition(delivery_id: int) -> None:
    """Say how many got the original: a copy is for all of them again."""
    counts = figures_of(g.runtime, [delivery_id])[delivery_id].counts
    number = counts["sent"] + counts["unknown"]
    if number:
        flash(
            ngettext(
                "%(num)s of them got “%(label)s” or may have got it, and gets this one too.",
                "%(num)s of them got “%(label)s” or may have got it, and get this one too.",
                number,
                label=editing.get(g.runtime, delivery_id).label,
            ),
            "refused",
        )


@blueprint.post("/deliveries/<int:delivery_id>/rest")
@needs(Permission.WRITE)
def send_to_the_rest(delivery_id: int) -> ResponseReturnValue:
    """Make a draft for exactly those whom a delivery did not reach, and open it."""
    try:
        copy = copying.send_to_the_rest(g.runtime, delivery_id)
    except Conflict as fault:
        g.runtime.session.rollback()
        flash(fault.message, "refused")
        return htmx.go(url_for("deliveries.show", delivery_id=delivery_id))
    flash(_("This draft is for those left alone. Look at the text, then analyse it."))
    return htmx.go(url_for("deliveries.compose", delivery_id=copy.id))


@blueprint.post("/deliveries/<int:delivery_id>/remove")
@needs(Permission.WRITE)
def remove(delivery_id: int) -> ResponseReturnValue:
    """Remove a draft; the records of its proofs stay, and so does a draft that is still needed."""
    label = editing.get(g.runtime, delivery_id).label
    try:
        delete.remove(g.runtime, delivery_id)
    except Conflict as fault:
        g.runtime.session.rollback()
        return faulty(delivery_id, fault)
    flash(_("The draft “%(label)s” is removed.", label=label))
    return htmx.go(url_for("deliveries.index"))


@blueprint.get("/deliveries/<int:delivery_id>/template")
@needs(Permission.WRITE)
def name_template(delivery_id: int) -> Response:
    """Ask how the new template is called."""
    delivery = editing.get(g.runtime, delivery_id)
    return _name_page(delivery, TemplateNameForm(data={"name": delivery.label}))


@blueprint.post("/deliveries/<int:delivery_id>/template")
@needs(Permission.WRITE)
def save_template(delivery_id: int) -> ResponseReturnValue:
    """Keep the text and the proof target as a template."""
    delivery, form = editing.get(g.runtime, delivery_id), TemplateNameForm()
    if not form.validate():
        return _name_page(delivery, form, htmx.FORM_ERROR)
    try:
        template = templates.save_as(g.runtime, delivery, text(form.name))
    except Invalid as fault:
        show(form, fault.fields)
        return _name_page(delivery, form, htmx.FORM_ERROR)
    flash(_("“%(name)s” is kept as a template.", name=template.name))
    if may_edit(delivery):
        return redirect(url_for("deliveries.compose", delivery_id=delivery_id), code=303)
    return redirect(url_for("deliveries.template", template_id=template.id), code=303)


def _name_page(delivery: Delivery, form: TemplateNameForm, status: int = 200) -> Response:
    return htmx.render(
        "deliveries/compose/template.html", status=status, delivery=delivery, form=form
    )
