"""A worker reads secrets once in a slice, and again as soon as anybody changed one."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.support.deliveries import begin, ready, states
from tests.support.fakes import FakeNetwork
from webapp.deliveries import sending
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services.channel import state
from webapp.services.channel.state import Remembered
from webapp.services.connection import accounts
from webapp.services.connection.drafts import ServiceDraft
from webapp.services.models import Service

PEOPLE = 4


def remember(runtime: Runtime, service: Service) -> None:
    state.write(runtime, service.id, {"token": Remembered("renewed", secret=True)})
    runtime.session.commit()


def swap(runtime: Runtime, service: Service) -> None:
    new = Remembered("renewed", secret=True)
    done, _found = state.swap(runtime, (service.id, "token"), "good", new)
    assert done


def retype(runtime: Runtime, service: Service) -> None:
    network = runtime.registry.get("fake").network
    network.account = replace(
        network.account, remote_id=service.remote_id, handle=service.internal_name
    )
    draft = ServiceDraft(
        label=service.label,
        internal_name=service.internal_name,
        settings={},
        secrets={"token": "renewed"},
    )
    accounts.change(runtime, service.id, draft)


def elsewhere(runtime: Runtime, service: Service, change: Callable[..., None]) -> None:
    """Let another worker change a secret."""
    with Session(db.engine, expire_on_commit=False) as session:
        change(replace(runtime, session=session), session.get_one(Service, service.id))


def tokens(runtime: Runtime, service: Service, between: Callable[[], None]) -> list[str]:
    """Send messages and return the token each went out with; something happens after the second."""
    part, seen = runtime.registry.get("fake").directs, list[str]()
    send = part.send

    def watched(context, person, outgoing):
        seen.append(context.secret("token"))
        answer = send(context, person, outgoing)
        if len(seen) == PEOPLE // 2:
            between()
        return answer

    part.send = watched
    delivery = begin(runtime, ready(runtime, service, people=PEOPLE))
    sending.send_batch(runtime, delivery.id)
    assert {*states(runtime, delivery)} == {"sent"}
    return seen


@pytest.mark.parametrize("change", [remember, swap, retype])
def test_a_secret_that_another_worker_changed_is_used_by_the_next_message(
    runtime: Runtime, network: FakeNetwork, service: Service, change: Callable[..., None]
):
    used = tokens(runtime, service, lambda: elsewhere(runtime, service, change))

    assert used == ["good", "good", "renewed", "renewed"]


def test_a_secret_that_the_call_itself_changed_is_used_by_the_next_message(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    part = runtime.registry.get("fake").directs
    send, seen = part.send, list[str]()

    def renewing(context, person, outgoing):
        seen.append(context.secret("token"))
        context.remember("token", f"token {len(seen)}", secret=True)
        return send(context, person, outgoing)

    part.send = renewing
    delivery = begin(runtime, ready(runtime, service, people=3))
    sending.send_batch(runtime, delivery.id)

    assert seen == ["good", "token 1", "token 2"]


def test_secrets_that_nobody_changed_are_read_once(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    read: list[str] = []

    def executed(_connection, _cursor, statement: str, *_more: object) -> None:
        if "service_secret" in statement:
            read.append(statement)

    event.listen(db.engine, "before_cursor_execute", executed)
    try:
        used = tokens(runtime, service, lambda: read.append("between"))
    finally:
        event.remove(db.engine, "before_cursor_execute", executed)

    assert used == ["good"] * PEOPLE
    assert read.count("between") == 1
    assert read[read.index("between") :] == ["between"]
