"""What the rows of an experiment tell: who was written to, and who of them did what counts."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, union, union_all

from webapp.audience.models import ReceivedMessage
from webapp.deliveries import variants
from webapp.deliveries.models import Delivery, ExperimentPlan, Message, MessageState, Metric
from webapp.experiments.models import ExperimentOutcome, ExperimentStop
from webapp.kernel.runtime import Runtime
from webapp.tracking.models import Click, ClickKind, Conversion

# The arm of those held out; texts are named by the ids of their variants.
HELD_OUT = 0
# What got no answer may have arrived, so its reader is one of the arm.
WRITTEN = (MessageState.SENT, MessageState.UNKNOWN)
# Of which rows alone something is asked; nothing stands for all of them.
Which = ColumnElement[bool] | None


@dataclass(frozen=True, slots=True)
class Doer:
    """Somebody of an arm who did what counts: their turn, and when they did it first.

    Who was not `written` to had their turn all the same, such as one whose message failed.
    """

    arm: int
    turn: datetime
    did: datetime
    written: bool


def of_visitor(visitor_id: int) -> ColumnElement[bool]:
    """Return the condition of what one visitor did."""
    return Message.visitor_id == visitor_id


def wrote_by(moment: datetime) -> ColumnElement[bool]:
    """Return the condition of what was written to an account before a moment."""
    return ReceivedMessage.received_at < moment


def clicked_by(moment: datetime) -> ColumnElement[bool]:
    """Return the condition of clicks from before a moment, and of what followed them."""
    return Click.at < moment


def doing(
    runtime: Runtime, delivery: Delivery, metric: Metric, which: Which = None
) -> dict[int, Doer]:
    """Return who did something after it was their turn, by their messages, however late it was.

    By all that is known, or by those rows alone of which a condition holds.
    """
    mine = Message.delivery_id == delivery.id
    own = [_OWN[metric](), _kept(metric)] if which is None else [_OWN[metric]().where(which)]
    did = union_all(*(part.where(mine) for part in own)).subquery()
    rows = (
        select(Message.id, _arm(delivery), _written_at(Message), Message.state, did.c.at)
        .join(did, did.c.message_id == Message.id)
        .where(mine, or_(_had_turn(), _held()))
    )
    turns = _Turns(runtime, delivery)
    found: dict[int, Doer] = {}
    for message_id, arm, written_at, state, at in runtime.session.execute(rows).all():
        turn = turns.before(message_id) if arm == HELD_OUT else written_at
        known = found.get(message_id)
        # What they did before their turn has nothing to do with it.
        if turn is not None and at >= turn and (known is None or at < known.did):
            found[message_id] = Doer(arm, turn, at, state in WRITTEN)
    return found


class _Turns:
    """When it was the turn of each message, in the order of their rows; read if anybody asks.

    A database that guesses how many rows there are would look for each of them anew.
    """

    def __init__(self, runtime: Runtime, delivery: Delivery) -> None:
        self._runtime, self._delivery = runtime, delivery
        self._ids: list[int] | None = None
        self._times: list[datetime | None] = []

    def before(self, message_id: int) -> datetime | None:
        """Return when it was the turn of the message before one; nothing where it was not yet."""
        if self._ids is None:
            rows = select(Message.id, _turn()).where(
                Message.delivery_id == self._delivery.id, _leads()
            )
            found = self._runtime.session.execute(rows.order_by(Message.id)).all()
            self._ids, self._times = [row[0] for row in found], [row[1] for row in found]
        at = bisect_left(self._ids, message_id)
        return self._times[at - 1] if at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many are in an arm, for how many it was their turn by some moment, and the last turn.

    `tried` are all who had a turn, `written` those of them who got something, or may have.
    """

    written: int
    written_by_then: int
    tried: int
    tried_by_then: int
    last: datetime | None

    def waiting(self, *, held: bool) -> int:
        """Return how many still have their time, of those written to or of those held out."""
        return self.tried - self.tried_by_then if held else self.written - self.written_by_then


def sizes(runtime: Runtime, delivery: Delivery, moment: datetime) -> dict[int, Size]:
    """Count the people of each arm, and those whose turn it was by a moment."""
    people = _people(delivery).subquery()
    came = people.c.turn <= moment
    numbers = {
        "written": func.sum(people.c.written),
        "written_by_then": func.sum(case((came, people.c.written), else_=0)),
        "tried": func.count(),
        "tried_by_then": func.sum(case((came, 1), else_=0)),
        "last": func.max(people.c.turn),
    }
    rows = select(people.c.arm, *numbers.values()).group_by(people.c.arm)
    return {
        arm: Size(**dict(zip(numbers, row, strict=True)))
        for arm, *row in runtime.session.execute(rows)
    }


def troubles(runtime: Runtime, delivery: Delivery) -> Mapping[tuple[int, str], int]:
    """Return by arm how many messages failed, and how many people wished for no more of them."""
    arm = _arm(delivery)
    failed = (
        select(arm, literal("failed"), func.count())
        .where(Message.delivery_id == delivery.id, Message.state == MessageState.FAILED)
        .group_by(arm)
    )
    kept = select(ExperimentStop.message_id)
    wished = (
        select(arm, literal("stopped"), func.count())
        .where(Message.delivery_id == delivery.id, Message.id.in_(union(stops(delivery), kept)))
        .group_by(arm)
    )
    rows = [*runtime.session.execute(failed), *runtime.session.execute(wished)]
    return {(number, what): count for number, what, count in rows}


def stops(delivery: Delivery, which: Which = None) -> Any:
    """Select the messages whose readers wished for no more after them, by what they wrote."""
    rows = (
        select(Message.id)
        .distinct()
        .join(ReceivedMessage, _answers())
        .where(
            Message.delivery_id == delivery.id,
            Message.state.in_(WRITTEN),
            _wishes(),
            ReceivedMessage.received_at >= _written_at(Message),
        )
    )
    return rows if which is None else rows.where(which)


def of_person(runtime: Runtime, visitor_id: int) -> dict[int, tuple[Delivery, int]]:
    """Return the messages of experiments to a person: the delivery of each, and its arm."""
    rows = (
        select(Message, Delivery)
        .join(Delivery, Message.delivery_id == Delivery.id)
        .where(
            Message.visitor_id == visitor_id,
            Delivery.id.in_(select(ExperimentPlan.delivery_id)),
        )
    )
    return {
        message.id: (delivery, HELD_OUT if message.reason == "held_out" else _text(message))
        for message, delivery in runtime.session.execute(rows)
    }


def _text(message: Message) -> int:
    return message.variant_id or message.delivery.variants[0].id


def _people(delivery: Delivery) -> Any:
    """Select arm and turn of everybody who had one, and whether something went out to them.

    Who is held out has the turn of the message before them: the order is shuffled, so that is
    anybody. Each other message begins a group, which those held out behind it belong to. They wait
    with one that waits, and are in no arm where it was stopped: else all of those held out would
    have had their time while a tenth of the others had theirs.
    """
    mine = Message.delivery_id == delivery.id
    written = case((Message.state.in_(WRITTEN), 1), else_=0)
    if not variants.held_out(delivery):
        return select(
            _arm(delivery).label("arm"),
            _turn().label("turn"),
            written.label("written"),
        ).where(mine, _had_turn())
    leads = case((_leads(), 1), else_=None)
    everybody = (
        select(
            *(_arm(delivery).label("arm"), _turn().label("at"), written.label("written")),
            func.count(leads).over(order_by=Message.id).label("behind"),
        )
        .where(mine, or_(_leads(), _held()))
        .subquery()
    )
    turn = func.max(everybody.c.at).over(partition_by=everybody.c.behind)
    turns = select(everybody.c.arm, turn.label("turn"), everybody.c.written).subquery()
    return select(turns).where(turns.c.turn.is_not(None))


def _held() -> ColumnElement[bool]:
    return and_(Message.state == MessageState.IGNORED, Message.reason == "held_out")


def _had_turn() -> ColumnElement[bool]:
    """Return the condition of messages that went out, failed, or were left out at their turn.

    Whoever was claimed has a key; who was left out at the beginning never had one.
    """
    ended = Message.state.in_((*WRITTEN, MessageState.FAILED))
    left_out = and_(Message.state == MessageState.IGNORED, Message.key.is_not(None))
    return or_(ended, left_out)


def _leads() -> ColumnElement[bool]:
    """Return the condition of messages that had a turn, have one before them, or were stopped."""
    return or_(Message.state != MessageState.IGNORED, Message.key.is_not(None))


def _turn() -> ColumnElement[datetime | None]:
    return case((_had_turn(), _written_at(Message)), else_=None)


def _arm(delivery: Delivery) -> ColumnElement[int]:
    only = delivery.variants[0].id
    text = func.coalesce(Message.variant_id, only)
    return case((Message.reason == "held_out", HELD_OUT), else_=text)


def _written_at(message: type[Message]) -> ColumnElement[datetime]:
    written: ColumnElement[datetime] = func.coalesce(message.sent_at, message.changed_at)
    return written


def _kept(metric: Metric) -> Any:
    """Select what is kept of those whose clicks and words left; see `outcomes`."""
    rows = select(Message.id.label("message_id"), ExperimentOutcome.at.label("at"))
    kept = rows.join(ExperimentOutcome, ExperimentOutcome.message_id == Message.id)
    return kept.where(ExperimentOutcome.metric == metric)


def _clicked() -> Any:
    rows = select(Message.id.label("message_id"), Click.at.label("at"))
    return rows.join(Click, Click.message_id == Message.id).where(Click.kind == ClickKind.PERSON)


def _converted() -> Any:
    rows = select(Message.id.label("message_id"), Conversion.at.label("at"))
    clicks = rows.join(Click, Click.message_id == Message.id)
    found = clicks.join(Conversion, Conversion.click_key == Click.key)
    return found.where(Click.kind == ClickKind.PERSON)


def _wrote() -> Any:
    """Select answers, but for those that only wish for no more messages."""
    rows = select(Message.id.label("message_id"), ReceivedMessage.received_at.label("at"))
    return rows.join(ReceivedMessage, _answers()).where(~_wishes())


_OWN = {Metric.CLICKED: _clicked, Metric.CONVERTED: _converted, Metric.WROTE: _wrote}


def _wishes() -> ColumnElement[bool]:
    return and_(ReceivedMessage.wish != "", ReceivedMessage.settled != "other")


def _answers() -> ColumnElement[bool]:
    """Return the condition that somebody wrote to the account that has a message for them."""
    return and_(
        ReceivedMessage.visitor_id == Message.visitor_id,
        ReceivedMessage.service_id == Message.service_id,
    )
