"""Deliveries of a plant: set out, driven to their end by moving the clock, and held to account."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from plugins.x.sandbox.seed import credentials
from tests.processes.plant import Plant
from tests.support.factories import make_subscription, make_visitor
from webapp.deliveries import analysis
from webapp.deliveries.approval import confirm
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery, DeliveryKind, DeliveryState, Message, MessageState
from webapp.kernel.runtime import Runtime
from webapp.services.connection import accounts, drafts
from webapp.services.models import Service

OVER = (DeliveryState.FINISHED, DeliveryState.STOPPED)
MOVING = (DeliveryState.SCHEDULED, DeliveryState.SENDING, DeliveryState.RETRYING)
DIRECT = "Hi {first_name|there}, the winter list is ready. {opt_out_line}"


def connect(plant: Plant, *handles: str) -> list[Service]:
    """Connect accounts of the sandbox, each with every permission and no cap of its own."""
    made = []
    for handle in handles:
        plant.ask("token", {"account": handle, "access": "read-write-directmessages"})
        draft = drafts.ServiceDraft(
            label=handle,
            internal_name=handle,
            settings={"sandbox": True},
            secrets=credentials(handle),
            options=drafts.ServiceOptions(daily_cap=10_000),
        )
        made.append(accounts.connect(plant.runtime, "x", draft))
    return made


def befriend(plant: Plant, number: int, *services: Service) -> int:
    """Let people who accept messages subscribe to each service; return how many X suspended."""
    found = plant.ask(f"people?kind=accepts&limit={number * 2}")["people"]
    chosen = [item for item in found if not item["wrote"]][:number]
    for person in chosen:
        visitor = make_visitor(
            plant.runtime, kind="x", remote_id=person["id"], handle=person["username"]
        )
        for service in services:
            make_subscription(plant.runtime, service, visitor)
    return sum(item["suspended"] for item in chosen)


def set_out(
    plant: Plant, kind: DeliveryKind, content: str, services: Sequence[Service]
) -> Delivery:
    """Make, analyse and confirm a delivery."""
    runtime = plant.runtime
    new = editing.NewDelivery(
        kind=kind, channel="x", label=content[:20], service_ids=[item.id for item in services]
    )
    made = editing.create(runtime, new)
    editing.edit(runtime, made.id, editing.DeliveryChanges(content=content))
    analysis.start(runtime, made.id)
    done = analysis.analyse(runtime, made.id)
    codes = [item["code"] for item in analysis.warnings(done)]
    return confirm.confirm(runtime, made.id, codes)


def drive(
    plant: Plant,
    then: Callable[[int], None] = lambda _accepted: None,
    *,
    patience: float = 200,
) -> None:
    """Move the clock whenever nothing else is to do, until every delivery is over.

    `then` is told again and again how much the sandbox accepted.
    """

    def over() -> bool:
        plant.revive()  # a worker whose broker is gone may end; its supervisor starts it again
        standing = plant.look(stand)
        if standing.next_at is not None:
            plant.clock.set(max(plant.clock.now(), standing.next_at) + timedelta(seconds=1))
        # After the look, so that all that was accepted is told before this ends.
        stats = plant.ask("stats")
        then(stats["accepted_directs"] + stats["accepted_posts"])
        return standing.over

    plant.wait(over, "the deliveries to end", patience=patience)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Whether all is over, and when something is next to do if nothing is now."""

    over: bool
    next_at: datetime | None


def stand(runtime: Runtime) -> Standing:
    """Look at every delivery and message."""
    now, session = runtime.now(), runtime.session
    deliveries = session.scalars(select(Delivery)).all()
    held = [item.wait_reason for item in deliveries if item.state is DeliveryState.PAUSED]
    assert not held, held
    moving = [item for item in deliveries if item.state in MOVING]
    busy = session.scalar(
        select(func.count(Message.id)).where(Message.state == MessageState.SENDING)
    )
    asks = select(Message.due_at).where(Message.state == MessageState.UNKNOWN)
    due = [*session.scalars(asks), *(item.resume_at for item in moving)]
    assert None not in due, "Nobody will ever ask what became of a message."
    rests = not busy and all(item.leased_until is None for item in moving)
    waits = bool(due) and min(due) > now
    return Standing(over=not due and not busy, next_at=min(due) if rests and waits else None)


def faults_of_both_records(plant: Plant) -> list[str]:
    """Hold Fanfare's record against the sandbox's, message by message; say what differs."""
    accepted = plant.ask("record")["items"]
    names = {service.id: service.internal_name for service in plant.runtime.session.query(Service)}
    messages = plant.look(lambda runtime: runtime.session.query(Message).all())
    people = {item.id: item.visitor and item.visitor.remote_id for item in messages}
    plant.runtime.session.commit()
    theirs = {
        (item["account"], item["recipient_id"], item["remote_id"])
        for item in accepted
        if item["kind"] in ("direct", "post")
    }
    ours = {
        (names[item.service_id], people[item.id] or "", item.remote_id or "")
        for item in messages
        if item.state is MessageState.SENT
    }
    texts = Counter((item["account"], item["recipient_id"], item["text"]) for item in accepted)
    return [
        *(f"only Fanfare says so: {item}" for item in ours - theirs),
        *(f"only the sandbox knows: {item}" for item in theirs - ours),
        *(f"accepted {count} times: {item}" for item, count in texts.items() if count > 1),
        *(f"left {item.state}: {item.id}" for item in messages if item.state not in ENDED),
    ]


ENDED = (MessageState.SENT, MessageState.FAILED)


def ended(plant: Plant) -> dict[str, int]:
    """Count the messages by state."""
    query = select(Message.state, func.count(Message.id)).group_by(Message.state)
    rows: Any = plant.look(lambda runtime: runtime.session.execute(query).all())
    return {state.value: number for state, number in rows}
