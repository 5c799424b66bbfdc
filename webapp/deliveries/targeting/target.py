"""Who a delivery is for: one query serves the count, the preview and the messages themselves."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, or_, select
from sqlalchemy.orm import aliased

from webapp.audience import consent, filters, own_accounts
from webapp.audience.models import Subscription, Visitor
from webapp.audience.visitors.by_name import named as matching_words
from webapp.deliveries import variants
from webapp.deliveries.models import Audience, Delivery, DeliveryRecipient, Message, MessageState
from webapp.deliveries.targeting import rest
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

SAMPLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetCounts:
    """How many match, how many get the message, and how many are left out for which reason."""

    matched: int
    eligible: int
    excluded: list[tuple[str, int]]


def reason(delivery: Delivery) -> ColumnElement[str]:
    """Return the code of the first reason to leave a person out; empty for the others."""
    return _first(_reasons(delivery, own_accounts.visitors()))


def _first(reasons: Mapping[str, ColumnElement[bool]]) -> ColumnElement[str]:
    return case(*((test, code) for code, test in reasons.items()), else_="")


def _reasons(
    delivery: Delivery, ours: Select[int] | Sequence[int]
) -> dict[str, ColumnElement[bool]]:
    """Return the tests by their codes; of those who could get it some may be held out, last."""
    found = {
        "wrote_stop": consent.stopped(),
        "in_doubt": consent.in_doubt(),
        "quarantine": consent.quarantined(),
        "accepts_none": consent.refuses(),
        "own_account": Visitor.id.in_(ours),
    }
    if variants.held_out(delivery):
        found["held_out"] = variants.is_held_out(delivery, Visitor.id)
    return found


def left_out(runtime: Runtime, delivery: Delivery, code: str, after: int = 0) -> Select[Any]:
    """Select who is left out for a reason, by id from behind one.

    The test of the reason stands beside the first one to hold, since an index knows those few
    people; who has another reason before it is told apart by that. Our own accounts are named by
    their ids: to look each person up beside a query of them seems so dear to PostgreSQL that it
    reads a million people instead.
    """
    reasons = _reasons(delivery, own_accounts.visitor_ids(runtime))
    tests = (_first(reasons) == code, reasons.get(code, false()), Subscription.visitor_id > after)
    return _by_id(matching(delivery, Visitor).where(*tests))


def _by_id(query: Select[Any]) -> Select[Any]:
    """Put people in order by the id that an index of their account holds: none is sorted."""
    return query.order_by(Subscription.visitor_id)


def matching(delivery: Delivery, *columns: Any) -> Select[Any]:
    """Select `columns` of everybody who matches the target of direct messages."""
    service = delivery.services[0] if delivery.services else None
    return (
        select(*columns)
        .select_from(Subscription)
        .join(Visitor, Subscription.visitor_id == Visitor.id)
        .where(
            Subscription.service_id == (service.id if service else -1),
            audience(delivery),
            *_exactly(delivery),
            *filters.where(delivery.filters),
        )
    )


def _exactly(delivery: Delivery) -> list[ColumnElement[bool]]:
    """Return what narrows an exact target: to one person, or to those another did not reach."""
    tests: list[ColumnElement[bool]] = []
    if delivery.personal:
        # An erased person takes the row along, and then nobody is meant.
        one = select(DeliveryRecipient.visitor_id)
        tests.append(Visitor.id.in_(one.where(DeliveryRecipient.delivery_id == delivery.id)))
    if delivery.rest_of_id is not None:
        others = rest.family(delivery)
        tests += [
            rest.unsent_of(delivery.rest_of_id),
            ~rest.reached(delivery, others, aliased(Message)),
        ]
    return tests


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """How many people of a target got this very text from another delivery, and how many will.

    `more` tells that there are more of them, since counting ended there.
    """

    got: int
    waiting: int
    more: bool = False


def reached_before(runtime: Runtime, delivery: Delivery) -> Before:
    """Count the people of a target who got this very text from another delivery, or will."""

    def number(states: Collection[MessageState]) -> int:
        same = rest.reached(delivery, rest.same_text(delivery), aliased(Message), states)
        query = matching(delivery, func.count()).where(reason(delivery) == literal(""), same)
        return runtime.session.scalar(query) or 0

    got = number(rest.OVER)
    return Before(got=got, waiting=number(rest.LIVE) - got)


def some_reached_before(runtime: Runtime, delivery: Delivery, most: int) -> Before:
    """Count as `reached_before` does, in the first messages of that text: at most so many.

    Who has two such messages counts once, so that the figure is a floor where there are more.
    """
    line = aliased(Message)
    people = (
        matching(delivery, Visitor.id.label("id"), line.state.in_(rest.OVER).label("over"))
        .join(
            line,
            and_(
                line.visitor_id == Subscription.visitor_id,
                line.service_id == Subscription.service_id,
            ),
        )
        .where(line.delivery_id.in_(rest.of_same_text(delivery)), line.state.in_(rest.LIVE))
        .where(reason(delivery) == literal(""))
    )
    rows = runtime.session.execute(people.limit(most + 1)).all()
    got = {row.id for row in rows if row.over}
    waiting = {row.id for row in rows} - got
    return Before(got=len(got), waiting=len(waiting), more=len(rows) > most)


def left_of(runtime: Runtime, delivery: Delivery, most: int) -> int:
    """Count the people whom an ended delivery did not reach, and who may be written to now.

    Of more than `most` only that there are more is counted. The messages that reached nobody lead:
    they are few beside the people of the account.
    """
    unsent = rest.unsent(delivery).subquery()
    tie = and_(
        Subscription.service_id == unsent.c.service_id,
        Subscription.visitor_id == unsent.c.visitor_id,
    )
    query = (
        select(literal(1))
        .select_from(unsent)
        .join(Subscription, tie)
        .join(Visitor, Subscription.visitor_id == Visitor.id)
        .where(
            audience(delivery),
            ~rest.reached(delivery, rest.family(delivery), aliased(Message)),
            reason(delivery) == literal(""),
        )
    )
    found = query.limit(most + 1).subquery()
    return runtime.session.scalar(select(func.count()).select_from(found)) or 0


def audience(delivery: Delivery) -> ColumnElement[bool]:
    """Return the condition on a subscription that comes before filters."""
    if delivery.audience is Audience.CONSENTED:
        return consent.asked_for_it()
    return or_(consent.follows(), consent.asked_for_it())


@requires(Permission.VIEW)
def count(runtime: Runtime, delivery: Delivery) -> TargetCounts:
    """Count the target by reason, in one pass over it."""
    return count_nameless(runtime, delivery)[0]


def number(runtime: Runtime, delivery: Delivery) -> int:
    """Count the people of a target who get the message."""
    query = matching(delivery, func.count()).where(reason(delivery) == literal(""))
    return runtime.session.scalar(query) or 0


def count_nameless(runtime: Runtime, delivery: Delivery) -> tuple[TargetCounts, int]:
    """Count the target by reason, and those who get it whose first name is not known."""
    nameless = case((Visitor.first_name == "", 1), else_=0).label("nameless")
    inner = matching(delivery, reason(delivery).label("reason"), nameless).subquery()
    rows = runtime.session.execute(
        select(inner.c.reason, func.count(), func.sum(inner.c.nameless)).group_by(inner.c.reason)
    ).all()
    found = {str(code): (int(number), int(without)) for code, number, without in rows}
    eligible, without = found.pop("", (0, 0))
    return counts_of(eligible, [(code, number) for code, (number, _) in found.items()]), without


def counts_of(eligible: int, excluded: Sequence[tuple[str, int]]) -> TargetCounts:
    """Return how many match in all, with the commonest reason first."""
    matched = eligible + sum(number for _code, number in excluded)
    ordered = sorted(excluded, key=lambda item: -item[1])
    return TargetCounts(matched=matched, eligible=eligible, excluded=ordered)


@requires(Permission.VIEW)
def person(
    runtime: Runtime, delivery: Delivery, visitor_id: int = 0, way: str = "at"
) -> Visitor | None:
    """Return the person of the preview `before`, `after` or `at` a visitor's place.

    Whoever left the target meanwhile is passed over. It starts from the key, so the last of a
    million is found as quickly as the first.
    """
    key = Subscription.visitor_id
    ways = {"before": key < visitor_id, "after": key > visitor_id, "at": key >= visitor_id}
    query = _people(delivery).where(ways[way])
    found: Visitor | None = runtime.session.scalar(
        query.order_by(key.desc() if way == "before" else key).limit(1)
    )
    return found


def named(runtime: Runtime, delivery: Delivery, words: str) -> Visitor | None:
    """Return the first of the people who get it whose name or username begins with these words."""
    tests = matching_words(words)
    found: Visitor | None = runtime.session.scalar(
        _people(delivery).where(*tests).order_by(Visitor.id).limit(1)
    )
    return found if tests else None


def number_of(runtime: Runtime, delivery: Delivery, visitor: Visitor) -> int:
    """Return the place of one of the people who get it among them all."""
    before = matching(delivery, func.count()).where(
        reason(delivery) == literal(""), Visitor.id <= visitor.id
    )
    return runtime.session.scalar(before) or 1


def _people(delivery: Delivery) -> Select[Any]:
    return matching(delivery, Visitor).where(reason(delivery) == literal(""))


@requires(Permission.VIEW)
def sample(runtime: Runtime, delivery: Delivery, most: int = SAMPLE) -> list[tuple[Visitor, str]]:
    """Return the first people who match, each with the reason to leave them out, if any."""
    rows = runtime.session.execute(
        _by_id(matching(delivery, Visitor, reason(delivery))).limit(most)
    )
    return [(visitor, str(code)) for visitor, code in rows]


def longest_names(runtime: Runtime, delivery: Delivery, most: int = 25) -> list[Visitor]:
    """Return the people whose names make the longest messages."""
    query = _people(delivery).order_by(func.length(Visitor.name).desc(), Visitor.id)
    return list(runtime.session.scalars(query.limit(most)))
