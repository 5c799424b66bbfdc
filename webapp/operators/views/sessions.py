"""The sessions of operators: each sees and ends their own, an administrator everybody's."""

from flask import Response, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from webapp.kernel.i18n import _, ngettext
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs
from webapp.operators.accounts import team
from webapp.operators.auth import current_session
from webapp.operators.authentication import sessions as use_case
from webapp.operators.authentication.user_agents import words
from webapp.operators.views.blueprint import blueprint
from webapp.operators.views.session import forget


@blueprint.post("/profile/sessions/<int:session_id>/end")
@needs(Permission.VIEW)
def end_own(session_id: int) -> ResponseReturnValue:
    """End one of the operator's own sessions; the present one leads to the log-in."""
    mine = current_session()
    use_case.end(g.runtime, mine.operator, session_id)
    if session_id == mine.id:
        forget()
        return redirect(url_for("operators.login"), code=303)
    flash(_("The session is ended; that browser has to log in again."))
    return redirect(url_for("operators.profile"), code=303)


@blueprint.post("/profile/sessions/end")
@needs(Permission.VIEW)
def end_others() -> ResponseReturnValue:
    """End every session of the operator but the present one."""
    mine = current_session()
    _say(use_case.end_others(g.runtime, mine.operator, keep=mine.id))
    return redirect(url_for("operators.profile"), code=303)


@blueprint.get("/settings/operators/<int:operator_id>/sessions")
@needs(Permission.ADMIN)
def of_operator(operator_id: int) -> Response:
    """List where an operator is logged in."""
    operator = team.get(g.runtime, operator_id)
    return htmx.render(
        "operators/sessions.html",
        operator=operator,
        sessions=use_case.every(g.runtime, operator),
        present=current_session().id,
        agent_words=words,
    )


@blueprint.post("/settings/operators/<int:operator_id>/sessions/<int:session_id>/end")
@needs(Permission.ADMIN)
def end_one(operator_id: int, session_id: int) -> ResponseReturnValue:
    """End one session of an operator."""
    use_case.end(g.runtime, team.get(g.runtime, operator_id), session_id)
    flash(_("The session is ended; that browser has to log in again."))
    return redirect(url_for("operators.of_operator", operator_id=operator_id), code=303)


@blueprint.post("/settings/operators/<int:operator_id>/sessions/end")
@needs(Permission.ADMIN)
def end_every(operator_id: int) -> ResponseReturnValue:
    """End every session of an operator, but for the administrator's present one."""
    operator = team.get(g.runtime, operator_id)
    _say(use_case.end_others(g.runtime, operator, keep=current_session().id))
    return redirect(url_for("operators.of_operator", operator_id=operator_id), code=303)


def _say(ended: int) -> None:
    flash(ngettext("%(num)s session is ended.", "%(num)s sessions are ended.", ended))
