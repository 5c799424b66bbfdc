"""The settings page of links and clicks."""

from dataclasses import asdict

from flask import Response, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import show, text
from webapp.operators.access import Permission, needs
from webapp.services.connection import accounts
from webapp.tracking import choices, conversions
from webapp.tracking.forms import ChoicesForm, DomainForm
from webapp.tracking.views.blueprint import blueprint


@blueprint.get("/settings/clicks")
@needs(Permission.ADMIN)
def settings() -> Response:
    """Show what holds for the instance, and what the links of each account begin with."""
    return _page(ChoicesForm(data=asdict(choices.chosen(g.runtime))))


@blueprint.post("/settings/clicks")
@needs(Permission.ADMIN)
def choose() -> ResponseReturnValue:
    """Keep what holds for the instance."""
    form = ChoicesForm()
    if not form.validate_on_submit():
        return _page(form, status=htmx.FORM_ERROR)
    try:
        choices.choose(g.runtime, form.choices)
    except Invalid as fault:
        g.runtime.session.rollback()
        show(form, fault.fields)
        return _page(form, status=htmx.FORM_ERROR)
    flash(_("This holds for what goes out from now on."))
    return redirect(url_for("tracking.settings"), code=303)


@blueprint.post("/settings/clicks/accounts/<int:service_id>")
@needs(Permission.ADMIN)
def choose_domain(service_id: int) -> ResponseReturnValue:
    """Let the links of an account begin with an address of its own."""
    form = DomainForm(prefix=_prefix(service_id))
    if not form.validate_on_submit():
        return _refused(service_id, form)
    try:
        choices.choose_domain(g.runtime, service_id, text(form.address))
    except Invalid as fault:
        g.runtime.session.rollback()
        show(form, fault.fields)
        return _refused(service_id, form)
    flash(_("Links begin with this address from now on. Those that went out stay as they are."))
    return redirect(url_for("tracking.settings"), code=303)


@blueprint.post("/settings/clicks/key")
@needs(Permission.ADMIN)
def new_key() -> Response:
    """Make the key that reports of conversions are signed with, and show it this once."""
    key = conversions.new_key(g.runtime)
    return _page(_stored(), shown_key=key)


def _stored() -> ChoicesForm:
    return ChoicesForm(formdata=None, data=asdict(choices.chosen(g.runtime)))


def _prefix(service_id: int) -> str:
    return f"account{service_id}-"


def _refused(service_id: int, form: DomainForm) -> Response:
    return _page(_stored(), {service_id: form}, htmx.FORM_ERROR)


def _page(
    form: ChoicesForm,
    typed: dict[int, DomainForm] | None = None,
    status: int = 200,
    shown_key: str = "",
) -> Response:
    domains = choices.domains(g.runtime)
    rows = [
        (service, (typed or {}).get(service.id) or _form_of(service.id, domains))
        for service in accounts.every(g.runtime)
    ]
    return htmx.render(
        "tracking/settings.html",
        form=form,
        accounts=rows,
        public_url=g.runtime.settings.public_url,
        shown_key=shown_key,
        has_key=conversions.has_key(g.runtime),
        status=status,
    )


def _form_of(service_id: int, domains: dict[int, str]) -> DomainForm:
    data = {"address": domains.get(service_id, "")}
    return DomainForm(formdata=None, data=data, prefix=_prefix(service_id))
