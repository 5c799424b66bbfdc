"""Saves and draws the composer, for the routes beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from flask import Response, g, request, url_for
from werkzeug.datastructures import MultiDict

from channels import Feature, Finding
from webapp.audience.filters import in_words
from webapp.audience.forms import Editor, EditorPage, read
from webapp.deliveries import illustrating, links, places, profile_fields, reasons
from webapp.deliveries.arranging import Arranged
from webapp.deliveries.drafts import editing
from webapp.deliveries.drafts.content import FIRST_NAME, fields
from webapp.deliveries.forms.parts import Part, told
from webapp.deliveries.forms.steps import form_of, step_of
from webapp.deliveries.models import EDITABLE, Delivery
from webapp.deliveries.queries import audit_trail, live_review
from webapp.deliveries.queries.live_review import PreviewPosition
from webapp.deliveries.targeting import figures
from webapp.kernel.db import reading
from webapp.kernel.errors import Conflict, FanfareError, Invalid
from webapp.kernel.i18n import _
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import show
from webapp.operators.access import Permission, grants
from webapp.operators.accounts import team
from webapp.operators.auth import current_operator
from webapp.operators.models import Role
from webapp.services.connection import accounts

CONFLICT = 409
WAYS = ("before", "at", "after")
# Which step mends a fault that a use-case named by the field of a delivery.
STEP_OF = {"content": "content", "proof_service_id": "proof", "service_ids": "target"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured:
    """What became of a picture of a part: what was done in words, or why not."""

    part: int
    words: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft with the form of its open step, and what became of what was sent.

    `theirs` is what was saved meanwhile, `changed_by` who did: nobody's name where it was the same
    operator in another tab. `fault` is a sentence about the whole.
    """

    delivery: Delivery
    step: str
    form: Part
    fault: str = ""
    theirs: Delivery | None = None
    changed_by: str = ""
    saved: bool = False
    arranged: Arranged | None = None
    pictured: Pictured | None = None
    # What is wrong with single fields that are no field of the form, by their names.
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Whether something that was sent is not saved."""
        return bool(self.fault or self.theirs or self.form.errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """That a delivery may have several parts: at most so many, where the network has a bound."""

    most: int | None


def opened(delivery_id: int, step: str = "") -> Draft:
    """Return a draft as it is saved."""
    delivery = editing.get(g.runtime, delivery_id)
    step = step_of(delivery, step)
    form = form_of(g.runtime, delivery, step, request.values.get("find", ""))
    return Draft(delivery=delivery, step=step, form=form)


def kept(delivery_id: int) -> Draft:
    """Save what was sent of one step; what has a fault is left as it was, and nothing is lost."""
    delivery = editing.get(g.runtime, delivery_id)
    step = request.form.get("step", "")
    if step not in delivery.kind.steps:
        return opened(delivery_id)
    form = form_of(g.runtime, delivery, step, request.form.get("find", ""))
    form.unasked = htmx.wants_fragment()
    form.validate()
    parts: dict[str, Any] = {"step": step, "form": form}
    try:
        changes = editing.DeliveryChanges(**form.values())
        saved = editing.edit(g.runtime, delivery_id, changes, revision=_revision(form))
    except editing.Stale:
        theirs = editing.get(g.runtime, delivery_id)
        who = audit_trail.changed_by(g.runtime, theirs)
        return Draft(delivery=theirs, theirs=theirs, changed_by=who, **parts)
    except (Conflict, Invalid) as fault:
        g.runtime.session.rollback()
        fields = getattr(fault, "fields", {})
        show(form, fields)
        now = editing.get(g.runtime, delivery_id)
        return Draft(delivery=now, fault=fault.message, faults=fields, **parts)
    return Draft(delivery=saved, saved=True, **parts)


def arranged(draft: Draft, done: Arranged) -> Draft:
    """Return a draft whose parts were arranged, with the form as it shows them."""
    for name, value in told(done.delivery).items():
        draft.form[name].data = value
    return replace(draft, delivery=done.delivery, arranged=done)


def pictured(draft: Draft, delivery: Delivery, seen: Pictured) -> Draft:
    """Return a draft whose pictures were changed, or could not be."""
    return replace(draft, delivery=delivery, pictured=seen)


def _revision(form: Part) -> int | None:
    """Return the revision that was edited, or the one the operator chose to write over."""
    over = request.form.get("over", type=whole)
    return over if over is not None else form.revision.data


def faulty(delivery_id: int, fault: FanfareError) -> Response:
    """Show the step that mends what a use-case refused."""
    named = next(iter(getattr(fault, "fields", {})), "")
    draft = opened(delivery_id, STEP_OF.get(named, request.form.get("step", "")))
    whole = Draft(delivery=draft.delivery, step=draft.step, form=draft.form, fault=fault.message)
    return page(whole, htmx.FORM_ERROR)


def unfit(delivery_id: int, errors: Sequence[Finding]) -> Response:
    """Show the step of the first error, with the sentence of each."""
    draft = opened(delivery_id, errors[0].step)
    fault = _("This cannot be sent yet: %(why)s.", why="; ".join(item.message for item in errors))
    whole = Draft(delivery=draft.delivery, step=draft.step, form=draft.form, fault=fault)
    return page(whole, htmx.FORM_ERROR)


def refusal(draft: Draft) -> Response:
    """Show a draft with what was typed and what is wrong with it."""
    stale = draft.theirs is not None and not htmx.wants_fragment()
    return page(draft, CONFLICT if stale else htmx.FORM_ERROR)


def page(draft: Draft, status: int = 200, editor: Editor | None = None) -> Response:
    """Draw the whole page, or what changes beside the form for a browser that shows it."""
    with reading():
        way = request.values.get("way", "at")
        seen = live_review.review_draft(
            g.runtime, draft.delivery, place(), way if way in WAYS else "at", _oldest()
        )
        return htmx.render(
            "deliveries/compose/page.html",
            fragment="deliveries/compose/_live.html",
            status=status,
            draft=draft,
            board=seen,
            preview=seen.preview,
            **_names(draft, editor),
        )


def _oldest() -> timedelta:
    """Return how old the figures of a large target may be: who types waits for none of them."""
    if htmx.wants_fragment():
        return figures.ANY_AGE
    return timedelta() if "recount" in request.args else figures.FRESH


def _names(draft: Draft, editor: Editor | None) -> dict[str, Any]:
    """Return what the templates show of a draft and its surroundings."""
    delivery = draft.delivery
    return {
        "delivery": delivery,
        "recipient": delivery.recipient,
        "rest_of": delivery.rest_of,
        "form": draft.form,
        "step": draft.step,
        "steps": list(delivery.kind.steps),
        "titles": titles(),
        "channel": g.runtime.registry.get(delivery.channel),
        "thread": _thread(delivery),
        "illustrated": illustrating.may_show(g.runtime, delivery) or any(delivery.media),
        "may_edit": may_edit(delivery),
        "conditions": in_words(delivery.filters),
        "editor": editor or read(MultiDict(), conditions_page(delivery.id), delivery.filters),
        "reason": reasons.short,
        "insertions": insertions(),
        "links": links.choices(g.runtime, delivery),
        "below_content": places.BELOW_CONTENT.ask(g.runtime, delivery),
        "offered": {item.id: item for item in accounts.every(g.runtime)},
        "administrators": administrators(),
        "now": g.runtime.now(),
    }


def _thread(delivery: Delivery) -> Thread | None:
    """Return the bounds of its thread, where it has or may have several parts."""
    accepts = delivery.kind.accepts(g.runtime.registry.get(delivery.channel))
    if Feature.THREAD not in accepts.features and len(delivery.parts) < 2:  # noqa: PLR2004 - one
        return None
    return Thread(most=accepts.most_parts)


def titles() -> dict[str, str]:
    """Return the steps as the page calls them."""
    return {
        "target": _("Target"),
        "proof": _("Proof target"),
        "content": _("Content"),
        "schedule": _("Schedule"),
        "options": _("Options"),
    }


def insertions() -> list[tuple[str, str]]:
    """Return what the field menu inserts; a name comes with a word for who has none."""
    return [
        (f"{{{name}|{_('there')}}}" if name == FIRST_NAME else f"{{{name}}}", field.label)
        for name, field in fields().items()
    ] + [
        (f"{{{name}}}", _("Profile: %(field)s", field=label.words))
        for name, label in profile_fields.known(g.runtime).items()
    ]


def administrators() -> list[str]:
    """Return the names of those who may accept writing to everyone."""
    return [item.name for item in team.every(g.runtime) if item.active and item.role is Role.ADMIN]


def conditions_page(delivery_id: int) -> EditorPage:
    """Return where the editor of conditions sends what is written in it."""
    action = url_for("deliveries.conditions", delivery_id=delivery_id)
    return EditorPage(action=action, method="post")


def place() -> PreviewPosition:
    """Return where the preview stood."""
    who = request.values.get("who", 0, type=whole)
    number = request.values.get("n", 1, type=whole)
    return PreviewPosition(
        key=who, number=max(1, number), words=request.args.get("whom", "").strip()
    )


def may_edit(delivery: Delivery) -> bool:
    """Tell whether this operator may change this delivery now."""
    operator = current_operator()
    allowed = operator is not None and grants(operator.role, Permission.WRITE)
    return allowed and delivery.state in EDITABLE and not delivery.is_proof


def address(delivery_id: int, step: str = "") -> str:
    """Return the address of the composer at a step, at the same place of the preview."""
    seen = place()
    return url_for(
        "deliveries.compose",
        delivery_id=delivery_id,
        step=step or None,
        who=seen.key or None,
        n=seen.number if seen.key else None,
        find=request.form.get("find", "").strip() or None,
    )
