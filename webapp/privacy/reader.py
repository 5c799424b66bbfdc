"""What the reader of a message is told, and what they may do: stop it, or be erased.

Whoever holds the link of a message is taken for its reader: it is signed, and stood in that message
alone. No operator is asked for what somebody does about themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from webapp.audience import consent, own_accounts
from webapp.audience.consents import history, recording
from webapp.audience.consents.recording import Refusal
from webapp.audience.models import Consent, ConsentSource, Subscription, Visitor
from webapp.deliveries import why
from webapp.deliveries.models import Attempt, Delivery, Message, MessageCount, MessageState
from webapp.kernel.audit import Actor
from webapp.kernel.errors import Conflict, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.operators.authentication import throttle
from webapp.privacy import erasing, wishes
from webapp.privacy.erasing import Held
from webapp.privacy.models import WishState
from webapp.profiles import personal_data
from webapp.profiles.models import LinkedBy, ProfileLink
from webapp.profiles.reconciliation import linking
from webapp.services.models import Service
from webapp.tracking import choices
from webapp.tracking import personal_data as clicks

# Who did it, as the audit names them: nobody whom an erasure would have to take out.
READER = Actor(name="reader")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a reader is told of one message: who wrote, what, why, and what is stored of them."""

    message: Message
    delivery: Delivery
    service: Service
    who: Visitor
    tie: Subscription | None
    # The newest opt-in that stands, with its proof.
    agreed: Consent | None
    texts: Sequence[str]
    # How many people got it.
    reached: int
    held: Sequence[Held]
    # Whether it went to an account of the house, which is disconnected and not erased.
    is_own: bool
    # Whether clicks are kept with who they are of at all, and whether theirs are not.
    knows_clicks: bool
    refuses_clicks: bool

    @property
    def at(self) -> datetime:
        """When it was sent, or is taken to be."""
        return self.message.sent_at or self.message.changed_at

    @property
    def is_stopped(self) -> bool:
        """Whether this account writes to them no more."""
        return self.tie is None or consent.wrote_stop(self.tie)


@requires(Permission.PUBLIC)
def told(runtime: Runtime, token: str) -> Told:
    """Return what the reader of a message is told; raise `NotFound` where nothing is kept of it."""
    number = why.message_of(runtime.settings, token)
    found = of_message(runtime, number) if number is not None else _over()
    return found if why.is_to(runtime.settings, token, found.who.remote_id) else _over()


@requires(Permission.PUBLIC)
def of_message(runtime: Runtime, number: int) -> Told:
    """Return what the reader of a message is told; raise `NotFound` where nothing is kept of it."""
    message = runtime.session.get(Message, number)
    who = message.delivery.kind.meant(message.visitor) if message else None
    if message is None or who is None:
        return _over()
    tie = _tie(runtime, message)
    return Told(
        message=message,
        delivery=message.delivery,
        service=message.service,
        who=who,
        tie=tie,
        agreed=history.agreement(runtime, tie) if tie and tie.opted_in_at else None,
        texts=_texts(runtime, message),
        reached=_reached(runtime, message.delivery),
        held=erasing.records(runtime, who),
        is_own=who.remote_id in own_accounts.remote_ids(runtime, who.kind),
        knows_clicks=choices.of_instance(runtime).knows_people,
        refuses_clicks=choices.refuses(runtime, who.id),
    )


def _over() -> Told:
    raise NotFound(_("This link is over: nothing is kept of its message any more."))


def _tie(runtime: Runtime, message: Message) -> Subscription | None:
    return runtime.session.scalar(
        select(Subscription).where(
            Subscription.service_id == message.service_id,
            Subscription.visitor_id == message.visitor_id,
        )
    )


def _texts(runtime: Runtime, message: Message) -> list[str]:
    """Return what was sent last of each part, in their order."""
    rows = select(Attempt).where(Attempt.message_id == message.id).order_by(Attempt.number)
    last = {row.position: row.text for row in runtime.session.scalars(rows)}
    return [last[position] for position in sorted(last)]


def _reached(runtime: Runtime, delivery: Delivery) -> int:
    sent = select(func.sum(MessageCount.number)).where(
        MessageCount.delivery_id == delivery.id, MessageCount.state == MessageState.SENT
    )
    return runtime.session.scalar(sent) or 0


@requires(Permission.PUBLIC)
def guess(runtime: Runtime, token: str, address: str) -> None:
    """Count a link that nobody here made; raise `TooSoon` where such tries have to wait."""
    if why.message_of(runtime.settings, token) is None:
        throttle.take(runtime, throttle.of_public_link(address))


@requires(Permission.PUBLIC)
def stop(runtime: Runtime, token: str, source: ConsentSource = ConsentSource.LINK) -> Told:
    """Let the account of a message write to its reader no more, from now on; again is the same."""
    found = told(runtime, token)
    if found.tie is not None and not found.is_stopped:
        runtime = runtime.acting_as(READER)
        wishes.locked(runtime, found.who.id)
        refusal = Refusal(at=runtime.now(), source=source, reference=str(found.message.id))
        recording.withhold(runtime, found.tie, refusal)
        runtime.session.commit()
    return found


@requires(Permission.PUBLIC)
def let_clicks_be(runtime: Runtime, token: str, *, refused: bool) -> None:
    """Keep no click of the reader with them any more, also none of before; or do it again."""
    found = told(runtime, token)
    runtime = runtime.acting_as(READER)
    wishes.locked(runtime, found.who.id)
    choices.keep(runtime, found.who, refused=refused)
    if refused:
        clicks.forget(runtime, found.who)
    runtime.record(choices.DONE[refused], found.who)
    runtime.session.commit()


@requires(Permission.PUBLIC)
def to_erase(runtime: Runtime, token: str) -> Told:
    """Return what a reader is told who may be erased; an account of the house may not."""
    found = told(runtime, token)
    return _over() if found.is_own else found


@requires(Permission.PUBLIC)
def erase(runtime: Runtime, token: str) -> bool:
    """Erase the reader of a message; tell whether it is done.

    While a message to them is on its way it is only written down, and an administrator does it.
    """
    found = to_erase(runtime, token)
    runtime = runtime.acting_as(READER)
    is_whole = not _leave_profile(runtime, found.who)
    wish = wishes.write_down(runtime, found.who)
    try:
        erasing.fulfil(runtime, wish.id)
    except Conflict:
        runtime.session.rollback()
        # Somebody else may have done it meanwhile.
        return wish.state is WishState.ERASED
    return is_whole


def _leave_profile(runtime: Runtime, who: Visitor) -> bool:
    """Leave a profile that is not theirs alone to operators; tell whether there is one. Commits.

    Whoever holds the link of a message is this visitor. That they are the person of a profile was
    shown by an address that they wrote themselves, or said by an operator; and so it is of another
    visitor who belongs to the one that was made of theirs.
    """
    link = runtime.session.get(ProfileLink, who.id)
    made = link is not None and link.how is LinkedBy.MADE
    if link is None or (made and personal_data.own_profile(runtime, who)):
        return False
    wishes.leave_to_operators(runtime, link.profile)
    linking.let_go(runtime, link)
    runtime.session.commit()
    return True
