"""Rows for tests: each function makes one with sensible values and takes what matters here."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, select, update

from webapp.app import instance_of
from webapp.audience import daily
from webapp.audience.bulk import name_columns
from webapp.audience.consents import ledger
from webapp.audience.consents.ledger import Said
from webapp.audience.models import Answer, ConsentSource, ReceivedMessage, Subscription, Visitor
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.kernel.audit import AuditEntry
from webapp.kernel.folders import FolderKind, folder
from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import setup_token, team
from webapp.operators.models import Operator, Role
from webapp.services.connection.drafts import ServiceDraft
from webapp.services.models import Service, ServiceSecret, ServiceState
from webapp.workflows.models import Workflow, WorkflowState

_numbers = count(1000)


def actions(runtime: Runtime) -> list[str]:
    """What the audit says was done, in its order."""
    return list(runtime.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def write_elsewhere(runtime: Runtime) -> None:
    """Write as another process would; raise when somebody holds the database."""
    engine = create_engine(runtime.settings.database)
    with engine.begin() as connection:
        connection.execute(update(Visitor).values(origin="elsewhere"))
    engine.dispose()


def make_operator(runtime: Runtime, role: Role = Role.MARKETER) -> Operator:
    """An operator without a password."""
    name = f"Operator {next(_numbers)}"
    email = f"{name.replace(' ', '.').lower()}@fanfare.example"
    return team.create(runtime, name=name, email=email, role=role)


def make_workflow(runtime: Runtime, **values: Any) -> Workflow:
    """A started workflow that synchronises the fake channel on Thursdays."""
    workflow = Workflow(
        **{
            "job": "synchronise",
            "kind": "fake",
            "name": "Synchronisation of Fake accounts",
            "folder_id": folder(runtime, FolderKind.WORKFLOWS, "Managing social networks").id,
            "state": WorkflowState.STARTED,
            "schedule": "30 7 * * 4",
            "time_zone": runtime.settings.time_zone,
        }
        | values
    )
    runtime.session.add(workflow)
    runtime.session.commit()
    return workflow


def service_draft(name: str = "ateliernord", **more: Any) -> ServiceDraft:
    """What an operator types to connect the fake channel's account."""
    values = {
        "label": "Atelier Nord",
        "internal_name": name,
        "settings": {"region": "north"},
        "secrets": {"token": "good"},
    }
    return ServiceDraft(**values | more)


def make_service(runtime: Runtime, **values: Any) -> Service:
    """A connected service of the fake channel."""
    number = next(_numbers)
    service = Service(
        **{
            "kind": "fake",
            "label": "Atelier Nord",
            "internal_name": f"account{number}",
            "remote_id": str(number),
            "folder": folder(runtime, FolderKind.SERVICES, "Services"),
            "visitor_folder": folder(runtime, FolderKind.VISITORS, "Visitors"),
            "state": ServiceState.CONNECTED,
            "created_at": runtime.now(),
            "inbox_read_at": runtime.now(),
            # A moment ago: whoever follows from now on was seen to come.
            "audience_known_at": runtime.now() - timedelta(seconds=1),
        }
        | values
    )
    runtime.session.add(service)
    runtime.session.flush()
    ciphertext = runtime.secret_box.encrypt("good")
    runtime.session.add(
        ServiceSecret(
            service_id=service.id, name="token", ciphertext=ciphertext, changed_at=runtime.now()
        )
    )
    if service.audience_known_at:
        daily.read_to_end(runtime, service, 0)
    runtime.session.commit()
    return service


def _visitor(runtime: Runtime, **values: Any) -> Visitor:
    number = next(_numbers)
    handle = values.pop("handle", f"person{number}")
    name = values.pop("name", f"Person {number}")
    return Visitor(
        **{
            "kind": "fake",
            "remote_id": f"v{number}",
            "origin": "sync",
            **name_columns.columns(handle, name),
            "follower_count": number,
            "accepts_messages": True,
            "folder_id": folder(runtime, FolderKind.VISITORS, "Visitors").id,
            "first_seen_at": runtime.now(),
            "seen_at": runtime.now(),
        }
        | values
    )


def _keep(runtime: Runtime, visitors: Sequence[Visitor]) -> None:
    runtime.session.add_all(visitors)
    runtime.session.flush()
    named = [(visitor.id, visitor.handle_key, visitor.name_key) for visitor in visitors]
    name_columns.index(runtime.session, named)


def make_visitor(runtime: Runtime, **values: Any) -> Visitor:
    """A visitor of the fake channel."""
    visitor = _visitor(runtime, **values)
    _keep(runtime, [visitor])
    runtime.session.commit()
    return visitor


def make_subscription(
    runtime: Runtime, service: Service, visitor: Visitor | None = None, **values: Any
) -> Subscription:
    """A follower who wrote first, and so may be messaged; moments of consent become answers."""
    return _subscribe(runtime, service, [visitor or make_visitor(runtime)], **values)[0]


def make_subscriptions(
    runtime: Runtime, service: Service, number: int, **values: Any
) -> list[Subscription]:
    """So many followers who wrote first, written in one transaction."""
    visitors = [_visitor(runtime) for _number in range(number)]
    _keep(runtime, visitors)
    return _subscribe(runtime, service, visitors, **values)


def _subscribe(
    runtime: Runtime, service: Service, visitors: Sequence[Visitor], **values: Any
) -> list[Subscription]:
    said = {name: values.pop(name) for name in ("proof", "purpose") if name in values}
    begun = {"followed_at": runtime.now(), "wrote_first_at": runtime.now()} | values
    ties = [
        Subscription(service_id=service.id, visitor_id=visitor.id, **begun) for visitor in visitors
    ]
    runtime.session.add_all(ties)
    runtime.session.flush()
    rows = [(tie, row) for tie in ties for row in _answers(_moments(tie), said)]
    if rows:
        ledger.append_all(runtime, rows)
    _count(runtime, service, ties)
    runtime.session.commit()
    return ties


def _count(runtime: Runtime, service: Service, ties: Sequence[Subscription]) -> None:
    """Let the days of an account know its followers, as a reading of the network does."""
    if not service.audience_known_at:
        return
    followed = [tie for tie in ties if tie.followed_at]
    new = [tie for tie in followed if tie.followed_at > service.audience_known_at]
    if new:
        lost = sum(tie.ended_at is not None for tie in new)
        daily.add(runtime, service, gained=len(new), lost=lost)
    elif followed:
        daily.read_to_end(runtime, service, 0)


ANSWERS = {
    "wrote_first_at": Answer.WROTE_FIRST,
    "opted_in_at": Answer.OPT_IN,
    "opted_out_at": Answer.OPT_OUT,
    "doubted_at": Answer.DOUBT,
}


def _moments(subscription: Subscription) -> dict[str, Any]:
    return {name: getattr(subscription, name) for name in ANSWERS}


def answer(runtime: Runtime, subscription: Subscription, **said: Any) -> None:
    """Write answers of somebody down, by the columns that follow from them."""
    more = {name: said.pop(name) for name in ("proof", "purpose") if name in said}
    if rows := _answers(said, more):
        ledger.append_all(runtime, [(subscription, row) for row in rows])


def _answers(moments: Mapping[str, datetime | None], more: Mapping[str, Any]) -> list[Said]:
    return [
        Said(
            answer=ANSWERS[name],
            source=ConsentSource.MESSAGE if name == "wrote_first_at" else ConsentSource.OPERATOR,
            at=at,
            **(more if name == "opted_in_at" else {}),
        )
        for name, at in moments.items()
        if at is not None
    ]


def make_note(
    runtime: Runtime, subscription: Subscription, text: str = "STOP", at: datetime | None = None
) -> ReceivedMessage:
    """A message of somebody, not stored."""
    return ReceivedMessage(
        service_id=subscription.service_id,
        visitor_id=subscription.visitor_id,
        remote_id=f"m{next(_numbers)}",
        text=text,
        received_at=at or runtime.now(),
        read_at=runtime.now(),
    )


def make_delivery(
    runtime: Runtime,
    *services: Service,
    kind: DeliveryKind = DeliveryKind.DIRECT,
    label: str = "Spring",
    **changes: Any,
) -> Delivery:
    """A draft with a text."""
    new = editing.NewDelivery(
        kind=kind,
        channel=services[0].kind if services else "fake",
        label=label,
        service_ids=[service.id for service in services],
    )
    delivery = editing.create(runtime, new)
    texts = {
        DeliveryKind.DIRECT: "Hi {first_name|there}, spring is here. {opt_out_line}",
        DeliveryKind.POST: "Spring is here.",
    }
    changes = {"content": texts[kind]} | changes
    return editing.edit(runtime, delivery.id, editing.DeliveryChanges(**changes))


def first_token_of(app: Flask) -> str:
    """What the console of an instance says to whoever creates its administrator."""
    return setup_token.token(instance_of(app).settings)
