"""The settings page of mail: whether it can be sent, and a test."""

from flask import Response, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from webapp.kernel import mail
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs
from webapp.system import mailing
from webapp.system.views.blueprint import blueprint


@blueprint.get("/settings/mail")
@needs(Permission.ADMIN)
def mail_page() -> Response:
    """Show through which server mail goes, without what opens it."""
    settings = g.runtime.settings
    return htmx.render(
        "system/mail.html",
        is_set=mail.is_set(settings),
        server=mail.server(settings),
        sender=settings.mail_from,
    )


@blueprint.post("/settings/mail/test")
@needs(Permission.ADMIN)
def try_mail() -> ResponseReturnValue:
    """Send a test to whoever asks."""
    try:
        address = mailing.try_out(g.runtime)
    except Conflict as fault:
        flash(fault.message, "refused")
    else:
        flash(_("The mail server took a test for %(address)s.", address=address))
    return redirect(url_for("system.mail_page"), code=303)
