"""The forms of the composer: one for each step of direct messages, a single one for a post."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wtforms import RadioField

from webapp.audience.models import Visitor
from webapp.audience.visitors import people
from webapp.deliveries.drafts import validation
from webapp.deliveries.forms.parts import (
    AccountsPart,
    Part,
    ProofPart,
    SenderPart,
    TextPart,
)
from webapp.deliveries.forms.timing import BeginPart, OptionsPart, WavePart
from webapp.deliveries.models import Delivery
from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web.forms import choices
from webapp.services.connection import accounts

MOST_FOUND = 8


class ReaderPart(Part):
    """Whose data fills the fields of a proof; 0 is the first person of the target."""

    reader = RadioField(lazy_gettext("Filled with the data of"), coerce=whole)

    @classmethod
    def stored(cls, delivery: Delivery) -> dict[str, Any]:
        """Return the values of the fields as they are saved."""
        return super().stored(delivery) | {"reader": delivery.proof_visitor_id or 0}

    def meet(self, people: Iterable[Visitor]) -> None:
        """Offer these people, each once, behind the first of the target."""
        known = {person.id: f"{person.name} ({person.shown_handle})" for person in people}
        first = (0, lazy_gettext("The first person of the target"))
        self.reader.choices = choices([first, *known.items()])

    def values(self) -> dict[str, Any]:
        """Return what to change."""
        more = {"proof_visitor_id": self.reader.data or None} if self.sound("reader") else {}
        return super().values() | more


class DirectProof(ReaderPart, ProofPart):
    """The proof target of direct messages."""


class DirectSchedule(WavePart, BeginPart):
    """When direct messages go out."""


class PostForm(OptionsPart, BeginPart, ProofPart, TextPart, AccountsPart):
    """All of a post, which stands on one flat page."""

    published = True


# The form of each step that a kind may have.
FORMS: Mapping[str, type[Part]] = {
    "target": SenderPart,
    "proof": DirectProof,
    "content": TextPart,
    "schedule": DirectSchedule,
    "options": OptionsPart,
    "post": PostForm,
}


def step_of(delivery: Delivery, wanted: str) -> str:
    """Return the step to open: the one asked for where there is one, else the first to do."""
    if wanted in delivery.kind.steps:
        return wanted
    return delivery.kind.first_step(from_account=bool(delivery.services))


def form_of(runtime: Runtime, delivery: Delivery, step: str, find: str = "") -> Part:
    """Return the form of a step, filled with what was sent or with what is saved.

    `find` are the first letters of people whose data might fill a proof.
    """
    kind = FORMS[step]
    if (delivery.personal or delivery.continuous) and kind is SenderPart:
        kind = Part  # Those people from one account: there is nothing to choose.
    form = kind(data=kind.stored(delivery))
    offered = [item for item in accounts.every(runtime) if item.kind == delivery.channel]
    if step == "proof":
        offered = [item for item in offered if validation.is_reached(delivery, item)]
    form.offer(offered)
    if isinstance(form, ReaderPart):
        form.meet(_readers(runtime, delivery, form.reader.data, find))
    return form


def _readers(
    runtime: Runtime, delivery: Delivery, chosen: int | None, find: str
) -> Iterator[Visitor]:
    """Yield who is chosen now, and who is found by the letters."""
    person = runtime.session.get(Visitor, chosen) if chosen else None
    if person is not None and person.kind == delivery.channel:
        yield person
    if find.strip() and delivery.services:
        wanted = people.Query(words=find, service_id=delivery.services[0].id, size=MOST_FOUND)
        yield from (line.visitor for line in people.search(runtime, wanted).lines)
