"""The operators in the settings."""

from typing import Any

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.web import htmx, links
from webapp.kernel.web.forms import show, text
from webapp.operators.access import GRANTED, Permission, needs
from webapp.operators.accounts import team as use_case
from webapp.operators.auth import current_session
from webapp.operators.forms import InviteForm, RoleForm
from webapp.operators.models import Operator, Role
from webapp.operators.views.blueprint import blueprint


@blueprint.get("/settings/operators")
@needs(Permission.ADMIN)
def index() -> Response:
    """List the operators, with the form that invites one."""
    return _page(InviteForm(), 200)


@blueprint.post("/settings/operators")
@needs(Permission.ADMIN)
def invite() -> ResponseReturnValue:
    """Invite somebody and show the link once."""
    form = InviteForm()
    if not form.validate_on_submit():
        return _page(form, htmx.FORM_ERROR)
    try:
        # Nobody is invited by a link that cannot be made.
        links.base(g.runtime.settings)
        operator, token = use_case.invite(
            g.runtime, email=text(form.email), role=Role(form.role.data)
        )
    except Conflict as fault:
        show(form, {"email": fault.message})
        return _page(form, htmx.FORM_ERROR)
    return _page(InviteForm(formdata=None), 200, invited=operator, link=_link(token))


@blueprint.post("/settings/operators/<int:operator_id>/invitation")
@needs(Permission.ADMIN)
def invite_again(operator_id: int) -> Response:
    """Make a new link for an operator who has none or forgot the password."""
    links.base(g.runtime.settings)
    token = use_case.invite_again(g.runtime, operator_id)
    operator = use_case.get(g.runtime, operator_id)
    return _page(InviteForm(formdata=None), 200, invited=operator, link=_link(token))


@blueprint.post("/settings/operators/<int:operator_id>/role")
@needs(Permission.ADMIN)
def change_role(operator_id: int) -> ResponseReturnValue:
    """Give an operator another role."""
    form = RoleForm()
    if not form.validate_on_submit():
        return _page(InviteForm(formdata=None), htmx.FORM_ERROR)
    role = Role(form.role.data)
    try:
        operator = use_case.set_role(g.runtime, operator_id, role, keep=current_session().id)
    except Conflict as fault:
        return _page_with(operator_id, fault)
    flash(_("%(name)s has another role now.", name=operator.name))
    return redirect(_after(operator, role), code=303)


@blueprint.post("/settings/operators/<int:operator_id>/active")
@needs(Permission.ADMIN)
def change_active(operator_id: int) -> ResponseReturnValue:
    """Let an operator log in again, or no longer."""
    active = request.form.get("active") == "yes"
    try:
        operator = use_case.set_active(g.runtime, operator_id, active=active)
    except Conflict as fault:
        return _page_with(operator_id, fault)
    text = _("%(name)s may log in again.") if active else _("%(name)s may no longer log in.")
    flash(text % {"name": operator.name})
    return redirect(url_for("operators.index"), code=303)


def _after(operator: Operator, role: Role) -> str:
    """Return where to go on: whoever is no administrator any more cannot see this page."""
    mine = operator.id == g.runtime.actor.operator_id
    return url_for("system.home" if mine and role is not Role.ADMIN else "operators.index")


def _page_with(operator_id: int, fault: Conflict) -> Response:
    """Show the operators with what is refused beside the one it is about."""
    g.runtime.session.rollback()
    form = InviteForm(formdata=None)
    return _page(form, htmx.FORM_ERROR, role_faults={operator_id: fault.message})


def _link(token: str) -> str:
    return links.link(g.runtime.settings, url_for("operators.invitation", token=token))


def _page(form: InviteForm, status: int, **more: Any) -> Response:
    return htmx.render(
        "operators/index.html",
        form=form,
        operators=use_case.every(g.runtime),
        role_form=RoleForm(formdata=None),
        may=g.runtime.domains.permissions,
        granted=GRANTED,
        now=g.runtime.clock.system(),
        public=bool(g.runtime.settings.public_url),
        status=status,
        **({"role_faults": {}} | more),
    )
