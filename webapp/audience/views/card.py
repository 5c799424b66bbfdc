"""The card of one person: who they are, what ties them to each account, and what happened."""

from dataclasses import dataclass, field

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Redirect

from webapp.audience import consent, people
from webapp.audience.forms.card import MoveForm, OptInForm
from webapp.audience.models import Subscription, Visitor
from webapp.audience.timeline import Group
from webapp.audience.views.blueprint import blueprint
from webapp.kernel import htmx
from webapp.kernel.errors import NotFound
from webapp.kernel.forms import text
from webapp.kernel.words import _
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
    """Record that the person agreed to messages of one account, with the proof."""
    card = _card(visitor_id)
    tie = card.tie(subscription_id)
    form = card.opt_ins[tie.id]
    if not form.validate_on_submit():
        return card.render(htmx.FORM_ERROR)
    consent.record_opt_in(g.runtime, tie.id, text(form.proof))
    return _again(visitor_id, _("The opt-in for @%(name)s is recorded.", name=_name(tie)))


@blueprint.post(f"{TIE}/opt-out")
@needs(Permission.WRITE)
def opt_out(visitor_id: int, subscription_id: int) -> ResponseReturnValue:
    """Record that the person wants no messages of one account."""
    tie = _card(visitor_id).tie(subscription_id)
    consent.record_stop(g.runtime, tie.id)
    return _again(visitor_id, _("@%(name)s sends this person nothing more.", name=_name(tie)))


@blueprint.post(f"{TIE}/lift")
@needs(Permission.WRITE)
def lift_quarantine(visitor_id: int, subscription_id: int) -> ResponseReturnValue:
    """Let messages of one account to the person be tried again."""
    tie = _card(visitor_id).tie(subscription_id)
    consent.lift_quarantine(g.runtime, tie.id)
    return _again(visitor_id, _("The quarantine is lifted; the next delivery tries again."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The page of one person with its forms."""

    who: Visitor
    ties: list[Subscription]
    move: MoveForm
    opt_ins: dict[int, OptInForm] = field(default_factory=dict)

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
            if not consent.reason_not(row, self.who)
            and not row.service.removed_at
            and not row.service.is_test
        ]

    def render(self, status: int = 200) -> Response:
        """Render it with what the forms hold."""
        asked = request.args.get("show", "")
        registry, kind = g.runtime.registry, self.who.kind
        return htmx.render(
            "audience/visitor.html",
            status=status,
            card=self,
            visitor=self.who,
            channel=registry.get(kind) if registry.has(kind) else None,
            writer=next(iter(self.writers()), None),
            standing=consent.standing,
            reason_not=consent.reason_not,
            folders=people.folders(g.runtime),
            groups=list(Group),
            shown=asked if asked in set(Group) else "",
        )


def _card(visitor_id: int) -> Card:
    who = people.get(g.runtime, visitor_id)
    ties = people.ties(g.runtime, who)
    forms = {row.id: OptInForm(prefix=f"s{row.id}-") for row in ties}
    return Card(who=who, ties=ties, move=MoveForm(data={"folder": who.folder.name}), opt_ins=forms)


def _name(tie: Subscription) -> str:
    return tie.service.internal_name


def _again(visitor_id: int, said: str) -> Redirect:
    flash(said)
    return redirect(url_for("audience.visitor", visitor_id=visitor_id), code=303)
