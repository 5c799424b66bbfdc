"""The settings page of the apps that accounts sign in to."""

from flask import Response, flash, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from channels import Channel, ChannelError, SettingsForm
from webapp.kernel.errors import Conflict, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.web import htmx, links
from webapp.operators.access import Permission, needs
from webapp.services.channel import declared
from webapp.services.connection import app
from webapp.services.views import pasted
from webapp.services.views.blueprint import blueprint


@blueprint.get("/settings/apps")
@needs(Permission.ADMIN)
def apps() -> Response:
    """Show whether each network's app is known, and the form that takes it; no value is shown."""
    return _page()


@blueprint.post("/settings/apps/<kind>")
@needs(Permission.ADMIN)
def enter_app(kind: str) -> ResponseReturnValue:
    """Keep an app that its network knows; a fault keeps what was typed, secrets out of sight."""
    channel = g.runtime.registry.get(kind)
    place = url_for("services.enter_app", kind=kind)
    form = _form(channel, request.form)
    typed, fault = form.secrets(), ""
    held = pasted.held(place) | typed
    # What is typed now is looked at, whatever was pasted before.
    form.keep(held.keys() - typed.keys())
    if form.validate():
        try:
            return _entered(channel, {**_plain(form), **held}, place)
        except (ChannelError, Conflict) as refused:
            fault = refused.message
    held = {name: text for name, text in held.items() if not form[name].errors}
    answer = _page(kind, form, held=held, fault=fault, status=htmx.FORM_ERROR)
    return pasted.hold(answer, place, held)


@blueprint.post("/settings/apps/<kind>/forget")
@needs(Permission.ADMIN)
def forget_app(kind: str) -> ResponseReturnValue:
    """Remove what was entered."""
    app.forget(g.runtime, kind)
    flash(_("What was entered is removed."))
    return redirect(url_for("services.apps"), code=303)


def _entered(channel: Channel, values: dict[str, str], place: str) -> Response:
    unasked = app.enter(g.runtime, channel.kind, values)
    flash(_("The app is kept, encrypted. Accounts can sign in by it at once."))
    if unasked:
        flash(
            _(
                "%(channel)s could not be asked about it: %(why)s",
                channel=channel.label,
                why=unasked,
            ),
            "refused",
        )
    return pasted.let_go(make_response(redirect(url_for("services.apps"), code=303)), place)


def _page(
    kind: str = "",
    form: SettingsForm | None = None,
    *,
    held: dict[str, str] | None = None,
    fault: str = "",
    status: int = 200,
) -> Response:
    return htmx.render(
        "services/apps.html",
        apps=[
            (
                item,
                form if form and item.channel.kind == kind else _form(item.channel),
                _back(item.channel),
            )
            for item in app.every(g.runtime)
        ],
        wrong=kind,
        held=held or {},
        fault=fault,
        status=status,
    )


def _back(channel: Channel) -> str:
    """Return where a sign-in of an account leads back to; empty where nobody signs in."""
    if channel.sign_in is None:
        return ""
    return links.link(g.runtime.settings, url_for("services.come_back", kind=channel.kind))


def _form(channel: Channel, sent: MultiDict[str, str] | None = None) -> SettingsForm:
    form = declared.app_form(channel)
    if form is None:
        raise NotFound(_("%(channel)s takes no app here.", channel=channel.label))
    return form(sent, prefix=f"{channel.kind}-")


def _plain(form: SettingsForm) -> dict[str, str]:
    return {name: str(value or "").strip() for name, value in form.settings().items()}
