"""What Fanfare does by itself to deliveries and people stands in the audit, too."""

from flask.testing import FlaskClient
from sqlalchemy import select

from channels import ErrorKind
from tests.support.deliveries import fault, sent
from tests.support.factories import actions, make_subscription
from tests.support.fakes import FakeNetwork
from webapp.deliveries import sending
from webapp.kernel.audit import AuditEntry
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices


def details(runtime: Runtime, action: str) -> list[dict]:
    return list(
        runtime.session.scalars(select(AuditEntry.detail).where(AuditEntry.action == action))
    )


def test_a_delivery_that_went_out_is_written_down_as_finished(runtime: Runtime, service):
    sent(runtime, service)

    assert actions(runtime)[-1] == "delivery.finish"


def test_a_delivery_that_is_held_up_says_once_why(
    runtime: Runtime, network: FakeNetwork, service, marketer: FlaskClient
):
    network.before = [fault(ErrorKind.SENDER)]

    delivery = sent(runtime, service)
    sending.send_batch(runtime, delivery.id)

    page = marketer.get(f"/deliveries/{delivery.id}/audit").text
    kept = notices.plain(notices.of("The network minds."))
    assert details(runtime, "delivery.hold") == [{"why": kept, "code": "account"}]
    assert "Held it up" in page
    assert "The network minds." in page


def test_a_quarantine_names_its_reason(runtime: Runtime, network: FakeNetwork, service):
    network.before = [fault(ErrorKind.PERMANENT, "not_permitted"), None, None]

    sent(runtime, service)

    assert details(runtime, "subscription.quarantine") == [{"reason": "not_permitted"}]


def test_a_quarantine_after_five_bad_days_is_written_down_too(
    runtime: Runtime, network: FakeNetwork, service
):
    make_subscription(runtime, service, soft_failures=4)
    network.before = [fault(ErrorKind.TEMPORARY, "full_inbox")]

    sent(runtime, service, people=0)

    assert details(runtime, "subscription.quarantine") == [{"reason": "full_inbox"}]
