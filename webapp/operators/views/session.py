"""Log in and log out."""

import math
from http import HTTPStatus

from flask import Response, current_app, g, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user
from flask_wtf.csrf import generate_csrf

from webapp.kernel.text.cleaning import clean
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import secret, text
from webapp.kernel.web.security import inside
from webapp.operators.access import Permission, needs
from webapp.operators.accounts import team
from webapp.operators.auth import SignedIn, current_operator, current_session
from webapp.operators.authentication import login as use_case
from webapp.operators.authentication import sessions
from webapp.operators.authentication.throttle import TooSoon
from webapp.operators.forms import LoginForm
from webapp.operators.models import Operator
from webapp.operators.views import devices
from webapp.operators.views.blueprint import blueprint

LONGEST_AGENT = 255


@blueprint.get("/login")
@needs(Permission.PUBLIC)
def login() -> ResponseReturnValue:
    """Show the log-in form; a new instance goes to its first run."""
    if not team.exists_any(g.runtime):
        return redirect(url_for("operators.setup"), code=303)
    if current_operator():
        return redirect(wanted(), code=303)
    return _page(LoginForm(), "", 200)


@blueprint.post("/login")
@needs(Permission.PUBLIC)
def log_in() -> ResponseReturnValue:
    """Log in and go where the operator wanted to go."""
    form = LoginForm()
    if not form.validate_on_submit():
        return _page(form, "", htmx.FORM_ERROR)
    try:
        operator = use_case.log_in(
            g.runtime,
            text(form.email),
            secret(form.password),
            address=request.remote_addr or "",
            device=devices.device(),
        )
    except use_case.LoginRefused as refused:
        return _page(form, refused.message, htmx.FORM_ERROR)
    except TooSoon as refused:
        return _later(form, refused)
    begin(operator, stay=form.stay.data)
    return redirect(wanted(), code=303)


@blueprint.get("/session")
@needs(Permission.PUBLIC)
def state() -> Response:
    """Tell a page who is logged in by now, and the token its forms are to carry from here on."""
    operator = current_operator()
    if operator is None:
        return jsonify(operator=None)
    return jsonify(operator=operator.id, token=generate_csrf())


@blueprint.post("/logout")
@needs(Permission.VIEW)
def logout() -> ResponseReturnValue:
    """End the session on the server; a copy of the cookie is worth nothing then."""
    sessions.log_out(g.runtime, current_session())
    forget()
    return redirect(url_for("operators.login"), code=303)


def forget() -> None:
    """Take both cookies back from this browser."""
    session.clear()
    # Last: it leaves a note in the session to take back the cookie that stays.
    logout_user()


def _later(form: LoginForm, refused: TooSoon) -> Response:
    answer = _page(form, refused.message, HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = str(math.ceil(refused.wait.total_seconds()))
    return answer


def begin(operator: Operator, *, stay: bool = False) -> None:
    """Begin the session of `operator`; nothing of an earlier session stays."""
    session.clear()
    agent = clean(request.user_agent.string)[:LONGEST_AGENT]
    begun, token = sessions.begin(
        g.runtime, operator, agent=agent, address=request.remote_addr or "", stay=stay
    )
    devices.remember(operator)
    login_user(SignedIn(begun, token), remember=stay, duration=sessions.STAYS)
    # Made here, once: two pages that ask at the same time would make one each, and a browser keeps
    # but one of them. The form of this request remembers that of the session that was cleared.
    g.pop(current_app.config.get("WTF_CSRF_FIELD_NAME", "csrf_token"), None)
    generate_csrf()


def wanted() -> str:
    """Return the page the operator asked for before log-in; never one of another site."""
    return inside(request.args.get("next", ""), url_for("system.home"))


def _page(form: LoginForm, fault: str, status: int) -> Response:
    return htmx.render("operators/login.html", form=form, fault=fault, status=status)
