"""The page behind the link of a mail that asks whether an address is somebody's.

Opening it changes nothing, since programs open links before people do; the token is the key.
"""

from http import HTTPStatus

from flask import g
from flask.typing import ResponseReturnValue

from webapp.acquisition import confirming
from webapp.acquisition.views.blueprint import blueprint
from webapp.acquisition.views.public import or_said, said
from webapp.kernel.i18n import _
from webapp.kernel.web.security import csrf
from webapp.operators.access import Permission, needs


@blueprint.get("/p/-/confirm/<token>")
@needs(Permission.PUBLIC)
def public_confirm_page(token: str) -> ResponseReturnValue:
    """Ask whether the address is theirs."""

    def act() -> ResponseReturnValue:
        if confirming.look(g.runtime, token):
            return said(_("This address is confirmed."), HTTPStatus.OK)
        return said(_("Is this your e-mail address?"), HTTPStatus.OK, confirm=token)

    return or_said(act)


@blueprint.post("/p/-/confirm/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]  # flask-wtf ships no types
@needs(Permission.PUBLIC)
def public_confirm(token: str) -> ResponseReturnValue:
    """Note that it is."""

    def act() -> ResponseReturnValue:
        confirming.confirm(g.runtime, token)
        return said(_("Thank you. This address is confirmed."), HTTPStatus.OK)

    return or_said(act)
