"""The operator's own page."""

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import secret, show, text
from webapp.kernel.web.security import inside
from webapp.operators.access import Permission, needs
from webapp.operators.accounts import profile as use_case
from webapp.operators.accounts import time_zones
from webapp.operators.auth import current_operator, current_session
from webapp.operators.authentication import sessions
from webapp.operators.authentication.user_agents import words
from webapp.operators.forms import PasswordForm, ProfileForm
from webapp.operators.models import Operator
from webapp.operators.views.blueprint import blueprint
from webapp.operators.views.session import begin


@blueprint.get("/profile")
@needs(Permission.VIEW)
def profile() -> Response:
    """Show what an operator sets for themselves."""
    return _page(ProfileForm(obj=_me()), PasswordForm(), 200)


@blueprint.post("/profile")
@needs(Permission.VIEW)
def change_profile() -> ResponseReturnValue:
    """Save name, language and zone."""
    form = ProfileForm()
    if not form.validate_on_submit():
        return _page(form, PasswordForm(), htmx.FORM_ERROR)
    try:
        use_case.change(
            g.runtime,
            _me(),
            name=text(form.name),
            language=text(form.language),
            time_zone=text(form.time_zone),
        )
    except Invalid as fault:
        show(form, fault.fields)
        return _page(form, PasswordForm(), htmx.FORM_ERROR)
    flash(_("Your settings are saved."))
    return redirect(url_for("operators.profile"), code=303)


@blueprint.post("/profile/password")
@needs(Permission.VIEW)
def change_password() -> ResponseReturnValue:
    """Replace the password; other sessions end, this one goes on."""
    form = PasswordForm()
    me, session = _me(), current_session()
    if not form.validate_on_submit():
        return _page(ProfileForm(obj=me), form, htmx.FORM_ERROR)
    try:
        use_case.change_password(
            g.runtime, session, old=secret(form.old), new=secret(form.password)
        )
    except Invalid as fault:
        show(form, fault.fields)
        return _page(ProfileForm(obj=me), form, htmx.FORM_ERROR)
    begin(me, stay=session.stays)
    flash(_("Your password is changed; your other sessions ended."))
    return redirect(url_for("operators.profile"), code=303)


@blueprint.post("/profile/theme")
@needs(Permission.VIEW)
def theme() -> ResponseReturnValue:
    """Choose a theme and stay on the page."""
    use_case.set_theme(g.runtime, _me(), request.form.get("theme", ""))
    if htmx.wants_fragment():
        return "", 204
    return redirect(_back(), code=303)


def _back() -> str:
    return inside(request.form.get("back", ""), url_for("operators.profile"))


def _me() -> Operator:
    me = current_operator()
    if me is None:
        raise RuntimeError("The gate lets only operators in here.")
    return me


def _page(form: ProfileForm, password: PasswordForm, status: int) -> Response:
    return htmx.render(
        "operators/profile.html",
        form=form,
        password=password,
        zones=time_zones.known(),
        sessions=sessions.every(g.runtime, _me()),
        present=current_session().id,
        agent_words=words,
        status=status,
    )
