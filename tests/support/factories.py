"""Rows for tests: each function makes one with sensible values and takes what matters here."""

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


def make_visitor(runtime: Runtime, **values: Any) -> Visitor:
    """A visitor of the fake channel."""
    number = next(_numbers)
    handle = values.pop("handle", f"person{number}")
    name = values.pop("name", f"Person {number}")
    visitor = Visitor(
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
    runtime.session.add(visitor)
    runtime.session.flush()
    name_columns.index(runtime.session, [(visitor.id, visitor.handle_key, visitor.name_key)])
    runtime.session.commit()
    return visitor


def make_subscription(
    runtime: Runtime, service: Service, visitor: Visitor | None = None, **values: Any
) -> Subscription:
    """A follower who wrote first, and so may be messaged; moments of consent become answers."""
    said = {name: values.pop(name) for name in ("proof", "purpose") if name in values}
    visitor = visitor or make_visitor(runtime)
    subscription = Subscription(
        **{
            "service_id": service.id,
            "visitor_id": visitor.id,
            "followed_at": runtime.now(),
            "wrote_first_at": runtime.now(),
        }
        | values
    )
    runtime.session.add(subscription)
    runtime.session.flush()
    answer(runtime, subscription, **_moments(subscription), **said)
    if subscription.followed_at and service.audience_known_at:
        if subscription.followed_at > service.audience_known_at:
            daily.add(runtime, service, gained=1, lost=int(subscription.ended_at is not None))
        else:
            daily.read_to_end(runtime, service, 0)
    runtime.session.commit()
    return subscription


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
    rows = [
        Said(
            answer=ANSWERS[name],
            source=ConsentSource.MESSAGE if name == "wrote_first_at" else ConsentSource.OPERATOR,
            at=at,
            **(more if name == "opted_in_at" else {}),
        )
        for name, at in said.items()
        if at is not None
    ]
    if rows:
        ledger.append_all(runtime, [(subscription, row) for row in rows])


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
