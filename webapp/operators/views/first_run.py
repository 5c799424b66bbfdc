"""First run: create the administrator, then choose how to begin."""

from flask import Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.i18n import _
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import secret, show, text
from webapp.operators.access import Permission, needs
from webapp.operators.accounts import setup_token, team, time_zones
from webapp.operators.forms import AcceptForm, FirstAdminForm
from webapp.operators.models import Operator
from webapp.operators.views.blueprint import blueprint
from webapp.operators.views.session import begin


@blueprint.get("/setup")
@needs(Permission.PUBLIC)
def setup() -> ResponseReturnValue:
    """Ask for the first administrator; afterwards this page leads to the log-in."""
    if team.exists_any(g.runtime):
        return redirect(url_for("operators.login"), code=303)
    return _page(_first_form(), 200)


@blueprint.post("/setup")
@needs(Permission.PUBLIC)
def create_first() -> ResponseReturnValue:
    """Create the first administrator and log in."""
    form = _first_form()
    if not form.validate_on_submit():
        return _page(form, htmx.FORM_ERROR)
    if not setup_token.fits(g.runtime.settings, text(form.token), request.remote_addr or ""):
        show(form, {"token": _("This is not the token that the console shows.")})
        return _page(form, htmx.FORM_ERROR)
    try:
        operator = team.create_first(
            g.runtime,
            name=text(form.name),
            email=text(form.email),
            password=secret(form.password),
            time_zone=text(form.time_zone),
        )
    except Invalid as fault:
        show(form, fault.fields)
        return _page(form, htmx.FORM_ERROR)
    except Conflict:
        return redirect(url_for("operators.login"), code=303)
    begin(operator)
    return redirect(url_for("operators.get_started"), code=303)


@blueprint.get("/setup/begin")
@needs(Permission.ADMIN)
def get_started() -> Response:
    """Show the doors: connect an account of a channel, or try its sandbox."""
    return htmx.render("operators/get_started.html", channels=list(g.runtime.registry))


@blueprint.get("/invitation/<token>")
@needs(Permission.PUBLIC)
def invitation(token: str) -> Response:
    """Ask an invited operator for a name and a password."""
    operator = team.invited(g.runtime, token)
    return _invitation(_accept_form(operator), operator.email, 200)


@blueprint.post("/invitation/<token>")
@needs(Permission.PUBLIC)
def accept(token: str) -> ResponseReturnValue:
    """Let the invited operator in."""
    operator = team.invited(g.runtime, token)
    form = _accept_form(operator)
    if not form.validate_on_submit():
        return _invitation(form, operator.email, htmx.FORM_ERROR)
    try:
        team.accept(
            g.runtime,
            token,
            name=text(form.name),
            password=secret(form.password),
            time_zone=text(form.time_zone),
        )
    except Invalid as fault:
        show(form, fault.fields)
        return _invitation(form, operator.email, htmx.FORM_ERROR)
    begin(operator)
    return redirect(url_for("system.home"), code=303)


def _first_form() -> FirstAdminForm:
    return FirstAdminForm(data={"time_zone": g.runtime.settings.time_zone})


def _accept_form(operator: Operator) -> AcceptForm:
    return AcceptForm(data={"name": operator.name, "time_zone": operator.time_zone})


def _page(form: FirstAdminForm, status: int) -> Response:
    return htmx.render("operators/setup.html", form=form, zones=time_zones.known(), status=status)


def _invitation(form: AcceptForm, email: str, status: int) -> Response:
    return htmx.render(
        "operators/invitation.html", form=form, email=email, zones=time_zones.known(), status=status
    )
