"""Tells how good a password is while it is typed; it is kept nowhere."""

from flask import Response, render_template, request

from webapp.operators.access import Permission, needs
from webapp.operators.auth import current_operator
from webapp.operators.authentication import passwords
from webapp.operators.views.blueprint import blueprint


@blueprint.post("/password-strength")
@needs(Permission.PUBLIC)
def strength() -> Response:
    """Say what makes a password easy to guess, or that nothing does."""
    typed, me = request.form.get("password", ""), current_operator()
    if not typed:
        return Response("")
    about = [request.form.get("name", ""), request.form.get("email", "")]
    about += [me.name, me.email] if me else []
    return Response(
        render_template("operators/_strength.html", fault=passwords.weakness(typed, about))
    )
