"""Begin a delivery: what it is, from which account, and what it is called."""

from flask import Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date

from webapp.audience.models import Visitor
from webapp.audience.visitors import people
from webapp.deliveries.drafts import editing
from webapp.deliveries.drafts.creation_options import Asked, Start, starts, untouched
from webapp.deliveries.drafts.templates import LONGEST_STEM
from webapp.deliveries.forms.new import NewForm
from webapp.deliveries.views.blueprint import blueprint
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.text.cleaning import whole
from webapp.kernel.text.formats import local
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import text
from webapp.operators.access import Permission, needs


@blueprint.get("/deliveries/new")
@needs(Permission.WRITE)
def new() -> Response:
    """Ask what is still open; with one choice left, only for a name."""
    wish = _asked()
    offered = starts(g.runtime, wish)
    if len(offered) != 1:
        return _doors(offered, wish)
    start = offered[0]
    data: dict[str, object] = {
        "label": _label(start, _person(wish), wish.template_id),
        "sender": wish.service_id,
        "accounts": [wish.service_id or start.accounts[0].id],
        "template": wish.template_id,
    }
    return _page(start, _form(start, data))


@blueprint.post("/deliveries/new")
@needs(Permission.WRITE)
def create() -> ResponseReturnValue:
    """Make the draft and open the composer."""
    wish = _asked()
    offered = starts(g.runtime, wish)
    if len(offered) != 1:
        return _doors(offered, wish, htmx.FORM_ERROR)
    start = offered[0]
    form = _form(start)
    if not form.validate():
        return _page(start, form, htmx.FORM_ERROR)
    delivery = editing.create(
        g.runtime,
        editing.NewDelivery(
            kind=start.kind,
            channel=start.channel.kind,
            label=text(form.label),
            service_ids=form.service_ids,
            template_id=form.template_id,
            recipient_id=wish.person_id,
        ),
    )
    return redirect(url_for("deliveries.compose", delivery_id=delivery.id), code=303)


@blueprint.post("/deliveries/new/straight")
@needs(Permission.WRITE)
def straight() -> ResponseReturnValue:
    """Open the composer on a draft with what would be proposed; all of it can be changed there.

    A draft of the same operator in which nothing was done yet is opened again, so that looking in
    leaves no heap of them.
    """
    wish = _asked()
    offered = starts(g.runtime, wish)
    if len(offered) != 1:
        return _doors(offered, wish, htmx.FORM_ERROR if wish.kind else 200)
    start = offered[0]
    account = wish.service_id or start.accounts[0].id
    new = editing.NewDelivery(
        kind=start.kind,
        channel=start.channel.kind,
        label=_label(start, None, wish.template_id),
        service_ids=[account],
        template_id=wish.template_id,
    )
    delivery = untouched(g.runtime, new) or editing.create(g.runtime, new)
    return redirect(url_for("deliveries.compose", delivery_id=delivery.id), code=303)


def _asked() -> Asked:
    given = request.args
    return Asked(
        kind=given.get("kind", ""),
        channel=given.get("channel", ""),
        template_id=given.get("template", type=whole),
        service_id=given.get("service", type=whole),
        person_id=given.get("person", type=whole),
    )


def _form(start: Start, data: dict[str, object] | None = None) -> NewForm:
    form = NewForm(data=data)
    form.offer(start.templates, start.accounts, from_one=start.kind.to_people)
    return form


def _person(wish: Asked) -> Visitor | None:
    return people.get(g.runtime, wish.person_id) if wish.person_id else None


def _label(start: Start, person: Visitor | None, template_id: int | None) -> str:
    """Propose a label, so that one key is enough where nothing else is open."""
    day = format_date(local(g.runtime.now()), "d MMM", rebase=False)
    if person:
        return _("To %(name)s, %(day)s", name=person.name or person.handle, day=day)
    template = next((item for item in start.templates if item.id == template_id), None)
    if template and not template.built_in:
        return _("%(template)s, %(day)s", template=template.name[:LONGEST_STEM], day=day)
    return start.kind.dated(day)


def _doors(offered: list[Start], wish: Asked, status: int = 200) -> Response:
    if wish.person_id:
        # Never offer an audience to somebody who wants to write to one person.
        raise Conflict(_("No account of yours may write to this person; their card says why."))
    everything = starts(g.runtime, Asked())
    return htmx.render(
        "deliveries/compose/choose.html",
        status=status,
        offered=offered or everything,
        asked=request.args,
        channels=list(g.runtime.registry),
    )


def _page(start: Start, form: NewForm, status: int = 200) -> Response:
    return htmx.render(
        "deliveries/compose/new.html",
        status=status,
        start=start,
        form=form,
        asked=request.args,
        person=_person(_asked()),
    )
