"""Connect an account, or change its settings."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property

from flask import Response, flash, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from channels import Channel, ChannelError, Check, SettingsForm
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.i18n import _
from webapp.kernel.text.formats import currency_name
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import show, text
from webapp.operators.access import Permission, needs
from webapp.operators.accounts import time_zones
from webapp.services import budget_warning
from webapp.services.channel import context
from webapp.services.connection import accounts, changes, doctor, door, event_address
from webapp.services.connection.door import Door
from webapp.services.connection.drafts import ServiceDraft
from webapp.services.forms import ServiceForm, handle, of_channel, of_service
from webapp.services.models import Service
from webapp.services.views import pasted
from webapp.services.views.added import to_head
from webapp.services.views.blueprint import blueprint
from webapp.services.views.show import UNREAD


@blueprint.get("/services/new/<kind>")
@needs(Permission.ADMIN)
def add(kind: str) -> Response:
    """Show the set-up guide and the form."""
    channel = g.runtime.registry.get(kind)
    return EditPage(channel=channel, form=_new_form(), own=of_channel(channel)).render()


@blueprint.post("/services/new/<kind>")
@needs(Permission.ADMIN)
def connect(kind: str) -> ResponseReturnValue:
    """Connect the account; every fault keeps what was typed, secrets out of sight."""
    channel = g.runtime.registry.get(kind)
    page = EditPage(channel=channel, form=_new_form(), own=of_channel(channel, request.form))
    if not page.valid():
        return page.refused()
    try:
        service = accounts.connect(g.runtime, kind, page.draft())
    except (ChannelError, Conflict, Invalid) as fault:
        return page.refused(fault)
    flash(_("%(name)s is connected.", name=service.shown_name))
    _warn(service)
    return page.stored(service)


@blueprint.post("/services/new/<kind>/try")
@needs(Permission.ADMIN)
def try_out(kind: str) -> Response:
    """Check what was typed so far and mark each step of the guide; nothing is stored."""
    channel = g.runtime.registry.get(kind)
    page = EditPage(channel=channel, form=_new_form(), own=of_channel(channel, request.form))
    checks = doctor.try_out(g.runtime, kind, page.draft())
    return page.holding(page.render(checks=checks))


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
    own = of_channel(channel, request.form)
    page = EditPage(channel=channel, form=of_service(service), own=own, service=service)
    if not page.valid():
        return page.refused()
    try:
        changed = accounts.change(g.runtime, service.id, page.draft(), seen=text(page.form.seen))
    except (ChannelError, Conflict, Invalid) as fault:
        return page.refused(fault)
    flash(_("The settings are saved and the connection was checked."))
    _warn(changed)
    return page.stored(service)


def _warn(service: Service) -> None:
    """Say that a budget was passed before it was saved; nothing stops what is under way."""
    over = budget_warning.warning(g.runtime, service)
    if over:
        flash(over, "refused")


def _new_form() -> ServiceForm:
    return ServiceForm(data={"time_zone": g.runtime.zone.key})


@dataclass(kw_only=True)
class EditPage:
    """The page of one service's settings, or of a new one.

    A secret that is stored, or was pasted a moment ago, may be left empty.
    """

    channel: Channel
    form: ServiceForm
    own: SettingsForm
    service: Service | None = None
    held: dict[str, str] = field(init=False)
    known: Collection[str] = field(init=False, default=())

    def __post_init__(self) -> None:
        """Learn which secrets may be left empty; the browser is told so by the fields."""
        self.held = pasted.held(self.place)
        if self.service:
            self.known = context.readable_secrets(g.runtime, self.service.id).keys()
        self.own.keep([*self.known, *self.held])
        if self.door and self.door.is_signed_in:
            # Who signed in has no key to type.
            self.own.keep(self.own.secret_names())

    @cached_property
    def door(self) -> Door | None:
        """How somebody signs in, where the network lets them."""
        if self.service:
            return door.of_service(g.runtime, self.channel, self.service)
        return door.of_channel(g.runtime, self.channel)

    @property
    def place(self) -> str:
        """The address of the form."""
        if self.service:
            return url_for("services.edit", service_id=self.service.id)
        return url_for("services.add", kind=self.channel.kind)

    def valid(self) -> bool:
        """Validate both forms, so that all mistakes show at once."""
        return all([self.form.validate_on_submit(), self.own.validate()])

    def draft(self) -> ServiceDraft:
        """Return what was typed, now or a moment ago."""
        return ServiceDraft(
            label=text(self.form.label),
            internal_name=handle(self.form.internal_name),
            settings=self.own.settings(),
            secrets=self.held | self.own.secrets(),
            options=self.form.options(),
        )

    def holding(self, answer: Response) -> Response:
        """Let the browser hold the pasted keys for a while."""
        return pasted.hold(answer, self.place, self.held)

    def refused(self, fault: ChannelError | Conflict | Invalid | None = None) -> Response:
        """Show what is wrong; the keys need not be pasted again."""
        if isinstance(fault, Invalid):
            show(self.form, fault.fields)
        if isinstance(fault, Conflict) and self.service:
            self.form.seen.data = changes.mark(self.service)
        self.held |= self.own.secrets()
        self.own.keep(self.held)
        return self.holding(self.render(htmx.FORM_ERROR, fault=fault.message if fault else ""))

    def stored(self, service: Service) -> Response:
        """Go to the service that was stored, with its keys."""
        answer = redirect(url_for("services.show", service_id=service.id), code=303)
        return pasted.let_go(make_response(answer), self.place)

    def render(
        self, status: int = 200, *, fault: str = "", checks: Sequence[Check] = ()
    ) -> Response:
        """Render the page with what went wrong, and the guide with what was found."""
        name = self.service.shown_name if self.service else ""
        self.form.monthly_budget.label.text = _(
            "Budget a month, in %(currency)s", currency=currency_name(self.channel.kind)
        )
        return htmx.render(
            "services/edit.html",
            fragment="services/_answer.html" if checks else None,
            checks=[asdict(item) | {"state": item.state.value} for item in checks]
            or (self.service.found if self.service else []),
            handle=name or self.channel.handle_prefix,
            account=UNREAD | (self.service.account if self.service else {}),
            proved=self._has_test_account(),
            zones=time_zones.known(),
            instance_zone=g.runtime.settings.time_zone,
            channel=self.channel,
            form=self.form,
            own=self.own,
            service=self.service,
            added=to_head(self.service) if self.service else {},
            event_address=event_address.address_of(g.runtime, self.service) if self.service else "",
            fault=fault,
            door=self.door,
            tried=bool(checks),
            known=self.known,
            held=self.held,
            status=status,
        )

    def _has_test_account(self) -> bool:
        """Tell whether proofs have somewhere to go; a sandbox's is none for a real account."""
        here = self.service is not None and self.service.is_sandbox
        mine = [item for item in accounts.every(g.runtime) if item.kind == self.channel.kind]
        return any(item.is_test and item.is_sandbox == here for item in mine)
