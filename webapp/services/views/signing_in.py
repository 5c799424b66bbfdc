"""Connect an account by signing in to its network, or sign in again."""

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from channels import ChannelError
from webapp.kernel.errors import Conflict, FanfareError
from webapp.kernel.i18n import _
from webapp.kernel.web import htmx, links
from webapp.operators.access import Permission, needs
from webapp.operators.auth import current_session
from webapp.services.connection import accounts, signed_in, signing_in
from webapp.services.connection.signing_in import Returned, Wanted
from webapp.services.views.blueprint import blueprint


@blueprint.post("/services/new/<kind>/sign-in")
@needs(Permission.ADMIN)
def sign_in(kind: str) -> ResponseReturnValue:
    """Begin a sign-in by which a new account is connected."""
    return _begin(kind, url_for("services.add", kind=kind), in_sandbox="sandbox" in request.form)


@blueprint.post("/services/<int:service_id>/sign-in")
@needs(Permission.ADMIN)
def sign_in_again(service_id: int) -> ResponseReturnValue:
    """Begin a sign-in by which an account is asked from then on."""
    service = accounts.get(g.runtime, service_id)
    at = url_for("services.edit", service_id=service_id)
    return _begin(service.kind, at, service_id=service_id)


@blueprint.get("/services/sign-in/<int:number>")
@needs(Permission.ADMIN)
def sign_in_page(number: int) -> Response:
    """Say what is asked, and lead to the network; its form could not, under our own policy."""
    asked = signing_in.waiting(g.runtime, number, _holder())
    return htmx.render("services/sign_in.html", asked=asked)


@blueprint.get("/services/sign-in/<kind>/back")
@needs(Permission.ADMIN)
def come_back(kind: str) -> ResponseReturnValue:
    """Take what somebody comes back with; the address with it is left at once."""
    returned = Returned(
        state=request.args.get("state", ""),
        code=request.args.get("code", ""),
        error=request.args.get("error", ""),
        said=request.args.get("error_description", ""),
    )
    try:
        service = signed_in.come_back(g.runtime, kind, _holder(), returned)
    except (ChannelError, FanfareError) as fault:
        flash(fault.message, "refused")
        return redirect(url_for("services.add", kind=kind), code=303)
    flash(_("%(name)s is connected by a sign-in.", name=service.shown_name))
    return redirect(url_for("services.show", service_id=service.id), code=303)


def _begin(
    kind: str, at: str, *, service_id: int | None = None, in_sandbox: bool = False
) -> ResponseReturnValue:
    back = url_for("services.come_back", kind=kind)
    try:
        row = signing_in.start(
            g.runtime,
            kind,
            Wanted(
                holder=_holder(),
                redirect_uri=links.link(g.runtime.settings, back),
                in_sandbox=in_sandbox,
            ),
            service_id=service_id,
        )
    except (ChannelError, Conflict) as fault:
        flash(fault.message, "refused")
        return redirect(at, code=303)
    return redirect(url_for("services.sign_in_page", number=row.id), code=303)


def _holder() -> str:
    """Return the session of this operator in this browser, which a sign-in belongs to."""
    return str(current_session().id)
