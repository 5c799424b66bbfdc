"""Templates: two are built in for each channel, and operators save their own."""

from collections.abc import Sequence

from sqlalchemy import select, update

from webapp.deliveries import kinds, whole
from webapp.deliveries.drafts.content import STOP_LINK
from webapp.deliveries.kinds import DeliveryKind
from webapp.deliveries.models import Delivery, Template
from webapp.kernel.errors import Conflict, Invalid, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

# A copy's name is longer than that of its origin, and has a place as wide.
LONGEST_STEM = 160
FIRST_COPY = 2


def ensure_built_in(runtime: Runtime) -> None:
    """Make the built-in templates of every channel; the caller commits."""
    for channel in runtime.registry:
        for kind in kinds.offered(channel):
            name, content = kind.starter
            if runtime.settings.public_url and kind.listens:
                # Where nobody could open it, the link would keep a message from going out.
                content = f"{content}\n{{{STOP_LINK}}}"
            if not _known(runtime, channel.kind, name):
                _add(runtime, channel.kind, kind, name=name, content=content).built_in = True


def _known(runtime: Runtime, channel: str, name: str) -> bool:
    query = select(Template.id).where(Template.channel == channel, Template.name == name)
    return runtime.session.scalar(query) is not None


def _add(
    runtime: Runtime, channel: str, kind: DeliveryKind, *, name: str, content: str
) -> Template:
    template = Template(
        channel=channel, kind=kind, name=name, content=content, created_at=runtime.now()
    )
    runtime.session.add(template)
    return template


@requires(Permission.VIEW)
def every(runtime: Runtime) -> Sequence[Template]:
    """Return the templates of installed channels, the built-in ones first."""
    kinds = [channel.kind for channel in runtime.registry]
    query = select(Template).where(Template.channel.in_(kinds))
    return runtime.session.scalars(
        query.order_by(Template.built_in.desc(), Template.channel, Template.name)
    ).all()


@requires(Permission.VIEW)
def get(runtime: Runtime, template_id: int) -> Template:
    """Return one template; raise `NotFound`."""
    found = runtime.session.get(Template, template_id)
    if found is None:
        raise NotFound(_("There is no such template."))
    return found


def built_in(runtime: Runtime, channel: str, kind: DeliveryKind) -> Template | None:
    """Return the built-in template of a channel and kind."""
    return runtime.session.scalar(
        select(Template).where(
            Template.channel == channel, Template.kind == kind, Template.built_in
        )
    )


@requires(Permission.WRITE)
def save_as(runtime: Runtime, delivery: Delivery, name: str) -> Template:
    """Keep the content and the proof target of a delivery as a template, which holds one text."""
    if len(whole.parts(delivery)) > 1:
        fault = _("A template holds one text, and this delivery says several.")
        raise Invalid(fault, {"name": fault})
    wanted = _free_name(runtime, delivery.channel, name)
    template = _add(runtime, delivery.channel, delivery.kind, name=wanted, content=delivery.content)
    template.proof_service_id = delivery.proof_service_id
    runtime.session.flush()  # The audit entry needs the id.
    runtime.record("template.create", template)
    runtime.session.commit()
    return template


@requires(Permission.WRITE)
def duplicate(runtime: Runtime, template_id: int) -> Template:
    """Make a template of your own that says the same; a built-in one is changed this way."""
    origin = get(runtime, template_id)
    name = _copied_name(runtime, origin)
    copy = _add(runtime, origin.channel, origin.kind, name=name, content=origin.content)
    copy.proof_service_id = origin.proof_service_id
    runtime.session.flush()  # The audit entry needs the id.
    runtime.record("template.create", copy)
    runtime.session.commit()
    return copy


def _copied_name(runtime: Runtime, origin: Template) -> str:
    """Return a free name in no language: whoever named the origin chose its words."""
    stem = origin.name[:LONGEST_STEM]
    number = FIRST_COPY
    while _known(runtime, origin.channel, f"{stem} ({number})"):
        number += 1
    return f"{stem} ({number})"


@requires(Permission.WRITE)
def change(runtime: Runtime, template_id: int, *, name: str, content: str) -> Template:
    """Change a template of your own."""
    template = _own(runtime, template_id)
    if name.strip() != template.name:
        template.name = _free_name(runtime, template.channel, name)
    template.content = content
    runtime.record("template.change", template)
    runtime.session.commit()
    return template


@requires(Permission.WRITE)
def remove(runtime: Runtime, template_id: int) -> None:
    """Remove a template of your own; deliveries made from it stay as they are."""
    template = _own(runtime, template_id)
    runtime.session.execute(
        update(Delivery).where(Delivery.template_id == template.id).values(template_id=None)
    )
    runtime.record("template.remove", template)
    runtime.session.delete(template)
    runtime.session.commit()


def _own(runtime: Runtime, template_id: int) -> Template:
    template = get(runtime, template_id)
    if template.built_in:
        raise Conflict(_("A built-in template stays as it is. Save a copy of your own."))
    return template


def _free_name(runtime: Runtime, channel: str, name: str) -> str:
    wanted = name.strip()
    if not wanted:
        fault = _("A template needs a name.")
        raise Invalid(fault, {"name": fault})
    if _known(runtime, channel, wanted):
        fault = _("There is already a template with this name.")
        raise Invalid(fault, {"name": fault})
    return wanted
