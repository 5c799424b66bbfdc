"""The card of one person: who they are, what ties them to each account, and what happened."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Redirect

from webapp.audience import doubts, own_accounts, quarantine, timeline
from webapp.audience.consents import history, recording
from webapp.audience.forms.card import DatedForm, DoubtForm, MoveForm, OptInForm, OptOutForm
from webapp.audience.models import Answer, ReceivedMessage, Subscription, Visitor
from webapp.audience.models import Consent as Answered
from webapp.audience.places import BESIDE, QUARANTINE_REASON, TIMELINE
from webapp.audience.timeline import Event, Group
from webapp.audience.views.blueprint import blueprint
from webapp.audience.visitors import people
from webapp.kernel.errors import Invalid, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.text.cleaning import whole
from webapp.kernel.text.formats import local
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import show, text
from webapp.operators.access import Permission, needs

CARD = "/audience/visitors/<int:visitor_id>"
TIE = f"{CARD}/subscriptions/<int:subscription_id>"


@blueprint.get(CARD)
@needs(Permission.VIEW)
def visitor(visitor_id: int) -> Response:
    """Show the card."""
    return _card(visitor_id).render()


@blueprint.post(f"{CARD}/move")
@needs(Permission.WRITE)
def move(visitor_id: int) -> ResponseReturnValue:
    """Put the person into another folder."""
    card = _card(visitor_id)
    if not card.move.validate_on_submit():
        return card.render(htmx.FORM_ERROR)
    moved = people.move(g.runtime, visitor_id, text(card.move.folder))
    return _again(visitor_id, _("Moved to the folder %(name)s.", name=moved.folder.name))


@blueprint.post(f"{TIE}/opt-in")
@needs(Permission.WRITE)
def opt_in(visitor_id: int, subscription_id: int) -> ResponseReturnValue:
    """Record that the person agreed to messages of one account: the proof, to what, and when."""
    card = _card(visitor_id)
    tie = card.tie(subscription_id)
    form = card.opt_ins[tie.id]
    if not form.validate_on_submit():
        return card.render(htmx.FORM_ERROR)
    with card.beside(form) as faults:
        recording.record_opt_in(
            g.runtime,
            tie.id,
            recording.Agreement(
                proof=text(form.proof),
                purpose=text(form.purpose),
                at=form.at(),
                wording=form.wording_of(),
            ),
        )
    if faults:
        return card.render(htmx.FORM_ERROR)
    return _again(visitor_id, _("The opt-in for %(name)s is recorded.", name=_name(tie)))


@blueprint.post(f"{TIE}/opt-out")
@needs(Permission.WRITE)
def opt_out(visitor_id: int, subscription_id: int) -> ResponseReturnValue:
    """Record that the person wants no messages of one account."""
    card = _card(visitor_id)
    tie = card.tie(subscription_id)
    form = card.opt_outs[tie.id]
    if not form.validate_on_submit():
        return card.render(htmx.FORM_ERROR)
    with card.beside(form) as faults:
        recording.record_stop(g.runtime, tie.id, at=form.at(), note=text(form.note))
    if faults:
        return card.render(htmx.FORM_ERROR)
    return _again(visitor_id, _("%(name)s sends this person nothing more.", name=_name(tie)))


@blueprint.post(f"{TIE}/doubt")
@needs(Permission.WRITE)
def settle_doubt(visitor_id: int, subscription_id: int) -> ResponseReturnValue:
    """Decide whether a message that looks like a refusal is one."""
    card = _card(visitor_id)
    tie = card.tie(subscription_id)
    form = card.doubt_form
    if not form.validate_on_submit() or form.stop.data == form.other.data:
        return card.render(htmx.FORM_ERROR)
    doubts.settle(g.runtime, tie.id, whole(text(form.note) or 0), is_stop=form.stop.data)
    if form.stop.data:
        return _again(visitor_id, _("%(name)s sends this person nothing more.", name=_name(tie)))
    return _again(visitor_id, _("It is no refusal, so %(name)s may answer.", name=_name(tie)))


@blueprint.post(f"{TIE}/lift")
@needs(Permission.WRITE)
def lift_quarantine(visitor_id: int, subscription_id: int) -> ResponseReturnValue:
    """Let messages of one account to the person be tried again."""
    tie = _card(visitor_id).tie(subscription_id)
    quarantine.lift(g.runtime, tie.id)
    return _again(visitor_id, _("The quarantine is lifted; the next delivery tries again."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Whether an account may write to the person, why not, and why it gave up, in words."""

    standing: str
    reason_not: str
    quarantine: str
    agreed: Answered | None
    refused: Answered | None


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """Something that happened, and why an account gave up, in words."""

    event: Event
    quarantine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The page of one person with its forms."""

    who: Visitor
    ties: list[Subscription]
    move: MoveForm
    opt_ins: dict[int, OptInForm] = field(default_factory=dict)
    opt_outs: dict[int, OptOutForm] = field(default_factory=dict)
    doubt_form: DoubtForm = field(default_factory=DoubtForm)
    held_by: dict[int, ReceivedMessage] = field(default_factory=dict)
    # What they answered about messages, the newest first.
    answers: Sequence[Answered] = ()

    def tie(self, subscription_id: int) -> Subscription:
        """Return one of the person's subscriptions; raise `NotFound`."""
        for row in self.ties:
            if row.id == subscription_id:
                return row
        raise NotFound(_("There is no such subscription."))

    def writers(self) -> list[Subscription]:
        """Return what ties the person to accounts that may write to them, the best first."""
        return [
            row
            for row in self.ties
            if not own_accounts.reason_not(g.runtime, row, self.who)
            and not row.service.removed_at
            and not row.service.is_test
        ]

    @property
    def best(self) -> Subscription | None:
        """The subscription that says whether the person may be written to at all."""
        return next((tie for tie in self.ties if not tie.service.removed_at), None)

    def consent(self, tie: Subscription) -> Consent:
        """Return what a subscription says of messages."""
        return Consent(
            standing=own_accounts.standing(g.runtime, tie, self.who),
            reason_not=own_accounts.reason_not(g.runtime, tie, self.who),
            quarantine=_quarantine(tie.quarantine_reason),
            agreed=history.proof_of(self.answers, tie, Answer.OPT_IN),
            refused=history.proof_of(self.answers, tie, Answer.OPT_OUT),
        )

    def days(self, group: str) -> list[tuple[date, list[ShownEvent]]]:
        """Return what happened, or what of it is of a group, day by day, the newest first."""
        added = [event for found in TIMELINE.ask(g.runtime, self.who) for event in found]
        own = timeline.events(g.runtime, self.who, self.ties)
        shown = [
            ShownEvent(event, _quarantine(event.about) if event.what == "quarantined" else "")
            for event in timeline.newest_first([*added, *own])
            if not group or event.group == group
        ]
        days = groupby(shown, key=lambda item: local(item.event.at).date())
        return [(day, list(events)) for day, events in days]

    @contextmanager
    def beside(self, form: DatedForm) -> Iterator[list[Invalid]]:
        """Show the faults of a use-case beside the fields; what is yielded holds them."""
        faults: list[Invalid] = []
        try:
            yield faults
        except Invalid as fault:
            g.runtime.session.rollback()
            show(form, fault.fields)
            faults.append(fault)

    def render(self, status: int = 200) -> Response:
        """Render it with what the forms hold."""
        asked = request.args.get("show", "")
        shown = asked if asked in set(Group) else ""
        consents = {tie.id: self.consent(tie) for tie in self.ties}
        registry, kind = g.runtime.registry, self.who.kind
        return htmx.render(
            "audience/visitor.html",
            status=status,
            card=self,
            visitor=self.who,
            told_at=people.told_at(g.runtime, self.who, self.ties),
            in_sandbox=bool(self.ties) and all(row.service.is_sandbox for row in self.ties),
            channel=registry.get(kind) if registry.has(kind) else None,
            writer=next(iter(self.writers()), None),
            consents=consents,
            why_not=consents[self.best.id].reason_not if self.best else "no_consent",
            days=self.days(shown),
            replaced={row.replaces_id for row in self.answers},
            folders=people.folders(g.runtime),
            beside=BESIDE.ask(g.runtime, self.who),
            groups=list(Group),
            shown=shown,
        )


def _card(visitor_id: int) -> Card:
    who = people.get(g.runtime, visitor_id)
    ties = people.ties(g.runtime, who)
    opt_ins = {row.id: OptInForm(prefix=f"s{row.id}-") for row in ties}
    for form in opt_ins.values():
        form.begin_at(g.runtime.now())
    return Card(
        who=who,
        ties=ties,
        move=MoveForm(data={"folder": who.folder.name}),
        opt_ins=opt_ins,
        opt_outs={row.id: OptOutForm(prefix=f"o{row.id}-") for row in ties},
        held_by=doubts.of_person(g.runtime, who),
        answers=history.of_person(g.runtime, who),
    )


def _quarantine(code: str) -> str:
    """Return why an account writes to somebody no more, as the domain that stopped tells it."""
    return next(iter(QUARANTINE_REASON.ask(g.runtime, code)), "") if code else ""


def _name(tie: Subscription) -> str:
    return tie.service.shown_name


def _again(visitor_id: int, said: str) -> Redirect:
    flash(said)
    return redirect(url_for("audience.visitor", visitor_id=visitor_id), code=303)
