"""Connect an account, or change its settings."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from channels import Channel, ChannelError, Check, SettingsForm
from webapp.kernel import htmx
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.forms import show, text
from webapp.kernel.words import _
from webapp.operators.access import Permission, needs
from webapp.services import accounts, context, doctor
from webapp.services.drafts import ServiceDraft
from webapp.services.forms import ServiceForm, handle, of_channel, of_service
from webapp.services.models import Service
from webapp.services.views.blueprint import blueprint
from webapp.services.views.show import UNREAD


@blueprint.get("/services/new/<kind>")
@needs(Permission.ADMIN)
def add(kind: str) -> Response:
    """Show the set-up guide and the form."""
    channel = g.runtime.registry.get(kind)
    return EditPage(channel=channel, form=ServiceForm(), own=of_channel(channel)).render()


@blueprint.post("/services/new/<kind>")
@needs(Permission.ADMIN)
def connect(kind: str) -> ResponseReturnValue:
    """Connect the account; every fault keeps what was typed, but for secrets."""
    channel = g.runtime.registry.get(kind)
    form, own = ServiceForm(), of_channel(channel, request.form)
    page = EditPage(channel=channel, form=form, own=own)
    if not _valid(form, own):
        return page.render(htmx.FORM_ERROR)
    try:
        service = accounts.connect(g.runtime, kind, _draft(form, own))
    except (ChannelError, Conflict, Invalid) as fault:
        return _refused(page, fault)
    flash(_("@%(name)s is connected.", name=service.shown_name))
    return redirect(url_for("services.show", service_id=service.id), code=303)


@blueprint.post("/services/new/<kind>/try")
@needs(Permission.ADMIN)
def try_out(kind: str) -> Response:
    """Check what was typed so far and mark each step of the guide; nothing is stored."""
    channel = g.runtime.registry.get(kind)
    form, own = ServiceForm(), of_channel(channel, request.form)
    checks = doctor.try_out(g.runtime, kind, _draft(form, own))
    return EditPage(channel=channel, form=form, own=own).render(checks=checks)


@blueprint.get("/services/<int:service_id>/settings")
@needs(Permission.ADMIN)
def edit(service_id: int) -> Response:
    """Show the settings; secrets are never shown again."""
    service = accounts.get(g.runtime, service_id)
    channel = g.runtime.registry.get(service.kind)
    own = of_channel(channel, stored=service)
    return EditPage(channel=channel, form=of_service(service), own=own, service=service).render()


@blueprint.post("/services/<int:service_id>/settings")
@needs(Permission.ADMIN)
def change(service_id: int) -> ResponseReturnValue:
    """Save the settings; a secret left empty stays as it is."""
    service = accounts.get(g.runtime, service_id)
    channel = g.runtime.registry.get(service.kind)
    form, own = of_service(service), of_channel(channel, request.form)
    own.keep(context.readable_secrets(g.runtime, service.id).keys())
    page = EditPage(channel=channel, form=form, own=own, service=service)
    if not _valid(form, own):
        return page.render(htmx.FORM_ERROR)
    try:
        accounts.change(g.runtime, service.id, _draft(form, own))
    except (ChannelError, Conflict, Invalid) as fault:
        return _refused(page, fault)
    flash(_("The settings are saved and the connection was checked."))
    return redirect(url_for("services.show", service_id=service.id), code=303)


def _valid(form: ServiceForm, own: SettingsForm) -> bool:
    """Validate both forms, so that all mistakes show at once."""
    return all([form.validate_on_submit(), own.validate()])


def _draft(form: ServiceForm, own: SettingsForm) -> ServiceDraft:
    return ServiceDraft(
        label=text(form.label),
        internal_name=handle(form.internal_name),
        settings=own.settings(),
        secrets=own.secrets(),
        options=form.options(),
    )


def _refused(page: "EditPage", fault: ChannelError | Conflict | Invalid) -> Response:
    if isinstance(fault, Invalid):
        show(page.form, fault.fields)
    return page.render(htmx.FORM_ERROR, fault=fault.message)


@dataclass(frozen=True, kw_only=True)
class EditPage:
    """The page of one service's settings, or of a new one."""

    channel: Channel
    form: ServiceForm
    own: SettingsForm
    service: Service | None = None

    def render(
        self, status: int = 200, *, fault: str = "", checks: Sequence[Check] = ()
    ) -> Response:
        """Render the page with what went wrong, and the guide with what was found."""
        name = self.service.internal_name if self.service else ""
        return htmx.render(
            "services/edit.html",
            fragment="services/_guide.html" if checks else None,
            checks=[asdict(item) | {"state": item.state.value} for item in checks]
            or (self.service.checks if self.service else []),
            handle=f"{self.channel.handle_prefix}{name}",
            account=UNREAD | (self.service.account if self.service else {}),
            proved=any(item.is_test for item in accounts.every(g.runtime)),
            channel=self.channel,
            form=self.form,
            own=self.own,
            service=self.service,
            fault=fault,
            status=status,
        )
