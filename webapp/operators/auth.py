"""Stands before every request: finds the operator, checks the permission, denies by default."""

from http import HTTPStatus
from typing import cast

from flask import Flask, abort, current_app, g, has_request_context, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user

from webapp.kernel.audit import Actor
from webapp.operators.access import GRANTED, Permission, grants, permission_of
from webapp.operators.authentication import sessions
from webapp.operators.models import LoginSession, Operator

manager = LoginManager()


class SignedIn(UserMixin):  # type: ignore[misc]  # flask-login ships no types
    """The session of this request and its operator, as Flask-Login wants it."""

    def __init__(self, session: LoginSession, token: str) -> None:
        """Wrap `session`, which the browser names by `token`."""
        self.session = session
        self.operator = session.operator
        self._token = token

    def get_id(self) -> str:
        """Return what both cookies hold: the token of a session that ends on the server."""
        return self._token


def init(app: Flask) -> None:
    """Set up log-in and put the gate before every request."""
    # Its context processor would ask the database again while a page says that it is down.
    manager.init_app(app, add_context_processor=False)
    app.before_request(authorise)


@manager.user_loader  # type: ignore[untyped-decorator]  # flask-login ships no types
def load(token: str) -> SignedIn | None:
    """Find the session that a browser names, while it lives."""
    found = sessions.resume(g.runtime, token)
    return SignedIn(found, token) if found else None


def current_operator() -> Operator | None:
    """Return the operator of this request, or nothing before log-in."""
    # The page that says the database is down asks too, and must not fail the same way.
    if not has_request_context() or g.get("database_down"):
        return None
    known = current_user.is_authenticated
    return cast("Operator", current_user.operator) if known else None


def current_session() -> LoginSession:
    """Return the session of this request; only views behind the gate ask for it."""
    return cast("LoginSession", current_user.session)


def authorise() -> ResponseReturnValue | None:
    """Deny the request unless its route is public or the operator may use it."""
    if request.endpoint is None:
        return None
    needed = _needed(request.endpoint)
    operator = current_operator()
    if operator:
        g.runtime = g.runtime.acting_as(actor_of(operator))
        # Any other request holds the database from its first look on, and leads to a GET.
        if request.method == "GET":
            sessions.note(g.runtime, current_session())
    if needed is Permission.PUBLIC:
        return None
    if operator is None:
        return _to_login()
    if needed is None or not grants(operator.role, needed):
        abort(403)
    return None


def actor_of(operator: Operator) -> Actor:
    """Return the operator as whoever acts, with what their role lets them do."""
    return Actor(
        name=operator.name,
        operator_id=operator.id,
        time_zone=operator.time_zone,
        permissions=GRANTED[operator.role],
    )


def _needed(endpoint: str) -> Permission | None:
    if endpoint == "static":
        return Permission.PUBLIC
    if endpoint.startswith("channel_") and endpoint.endswith(".static"):
        return Permission.PUBLIC
    return permission_of(current_app.view_functions[endpoint])


def _to_login() -> ResponseReturnValue:
    """Ask for a log-in; what somebody typed stays where it is, in the page that sent it."""
    if request.headers.get("HX-Request"):
        return "", HTTPStatus.UNAUTHORIZED
    if request.method != "GET":
        abort(HTTPStatus.UNAUTHORIZED)
    # The code of a sign-in that comes back is a secret, and worth nothing to another log-in.
    comes_back = {"code", "state"} <= request.args.keys()
    path = request.path if comes_back else request.full_path
    asked = f"{request.script_root}{path}".rstrip("?")
    return redirect(url_for("operators.login", next=asked), code=303)


def is_refused_without_login() -> bool:
    """Tell whether this request needs somebody logged in, and nobody is."""
    return (
        current_operator() is None
        and _needed(request.endpoint or "static") is not Permission.PUBLIC
    )
