"""An account of a sandbox is marked in every sentence that names it, not only in lists."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.support.deliveries import begin, ready
from tests.support.factories import make_service, make_subscription, make_visitor
from webapp.audience.consents import hearing
from webapp.audience.models import ReceivedMessage
from webapp.deliveries import sending
from webapp.deliveries.models import Delivery, Message
from webapp.kernel.audit import AuditEntry
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service
from webapp.system.dashboard import todo

MARKED = "@trial (sandbox)"


@pytest.fixture
def trial(runtime: Runtime) -> Service:
    return make_service(runtime, internal_name="trial", is_sandbox=True, daily_cap=1)


@pytest.fixture
def waiting(runtime: Runtime, trial: Service) -> Delivery:
    """One message is out; the next waits for the operator's own cap."""
    delivery = begin(runtime, ready(runtime, trial, people=2, label="Winter list"))
    sending.send_batch(runtime, delivery.id)
    return delivery


def test_no_page_names_it_without_its_mark(
    runtime: Runtime, admin: FlaskClient, trial: Service, waiting: Delivery
):
    draft = ready(runtime, trial, people=1)
    person = runtime.session.scalars(select(Message.visitor_id)).first()

    for path in (
        "/",
        "/deliveries",
        f"/deliveries/{waiting.id}",
        f"/deliveries/{draft.id}/confirm",
        f"/deliveries/{draft.id}/compose",
        f"/audience/visitors/{person}",
        "/services",
    ):
        text = admin.get(path).text
        assert MARKED in text, path
        assert "@trial" not in text.replace(MARKED, ""), path


def test_a_message_in_doubt_and_the_audit_name_it_with_its_mark(runtime: Runtime, trial: Service):
    tie = make_subscription(runtime, trial, make_visitor(runtime), wrote_first_at=None)
    now = runtime.now()
    note = ReceivedMessage(
        service_id=trial.id,
        visitor_id=tie.visitor_id,
        remote_id="m1",
        text="Not interested",
        wish="doubt",
        received_at=now,
        read_at=now,
    )
    runtime.session.add(note)
    hearing.hear_doubt(runtime, tie, note)
    runtime.session.commit()

    assert todo.in_doubt(runtime)[0].place == "@trial (sandbox)"
    entry = runtime.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry.label.endswith("trial (sandbox)")
