"""The ledger beside the bill of Sandbox X, to the cent: whatever differs is named line by line."""

import os
import time
import traceback
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session as Database

from plugins.x.sandbox.seed import credentials
from tests.plugins.x.sandbox.running import RunningSandbox, running
from tests.support.bill import differences
from tests.support.deliveries import begin
from tests.support.factories import make_delivery, make_subscription, make_visitor, make_workflow
from tests.support.media import illustrated
from tests.support.sync import work_through
from webapp.audience.inbox import reader
from webapp.deliveries import analysis, sending
from webapp.deliveries.control import delete_post
from webapp.deliveries.models import Delivery, DeliveryKind, Message, MessageState
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.client import Client
from webapp.services.connection import account_snapshot, accounts, drafts
from webapp.services.models import Service

WORKERS, PEOPLE = 4, 12
DIRECT = "Hello {first_name|there}, spring is here. {opt_out_line}"
PLANTED = {
    f"{what}:{number}" if number else what: Decimal(amount)
    for number in range(2)
    for what, amount in (
        ("post", "0.015"), ("post:link", "0.200"), ("direct", "0.015"), ("delete", "0.010"),
        ("inbox", "0.010"), ("audience", "0.001"), ("account", "0.005"), ("find", "0.010"),
        ("metrics", "0.005"), ("upload", "0.015"),
    )
}  # fmt: skip


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    with running(tmp_path_factory.mktemp("sandbox"), "--followers", "30") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(process: RunningSandbox) -> RunningSandbox:
    process.restart()
    return process


@pytest.fixture
def service(runtime: Runtime, sandbox: RunningSandbox) -> Service:
    """The account that owns the app, on a bill with all that is said of X's."""
    runtime.registry._config["x"] = {"sandbox_url": sandbox.url}
    sandbox.tell("billing", account_free=True, once_a_day=True, refused_writes=True)
    draft = drafts.ServiceDraft(
        label="Atelier Nord",
        internal_name="ateliernord",
        settings={"sandbox": True},
        secrets=credentials("ateliernord"),
        options=drafts.ServiceOptions(daily_cap=1_000),
    )
    return accounts.connect(of_sandbox(runtime, sandbox), "x", draft)


def of_sandbox(runtime: Runtime, sandbox: RunningSandbox) -> Runtime:
    return replace(runtime, clock=sandbox.clock)


def written(runtime: Runtime, service: Service, kind: DeliveryKind, text: str) -> Delivery:
    draft = make_delivery(runtime, service, kind=kind, content=text)
    analysis.start(runtime, draft.id)
    done = analysis.analyse(runtime, draft.id)
    made = begin(runtime, done)
    sending.send_batch(runtime, made.id)
    return made


def befriended(runtime: Runtime, sandbox: RunningSandbox, service: Service, kind: str, most: int):
    for person in sandbox.ask("people", kind=kind, limit=most)["people"]:
        visitor = make_visitor(runtime, kind="x", remote_id=person["id"], handle=person["username"])
        make_subscription(runtime, service, visitor)


def a_day(runtime: Runtime, sandbox: RunningSandbox, service: Service, number: int) -> None:
    """Do everything that costs, some of it twice."""
    client = Client(runtime, service)
    for _time in range(2):
        account_snapshot.store_snapshot(runtime, service, client.account())
        reader.read_new(runtime, service)
    posts = [
        written(runtime, service, DeliveryKind.POST, f"Good morning, day {number}."),
        written(runtime, service, DeliveryKind.POST, f"https://ateliernord.example/{number}"),
    ]
    messages = [runtime.session.query(Message).filter_by(delivery_id=it.id).one() for it in posts]
    client.metrics([str(messages[0].remote_id)])
    runtime.session.commit()
    delete_post.take_back(runtime, posts[1].id, messages[1].id)


def test_the_ledger_equals_the_bill_to_the_cent_and_planted_charges_are_named(
    runtime: Runtime, sandbox: RunningSandbox, service: Service
):
    own = of_sandbox(runtime, sandbox)
    for number in range(2):
        a_day(own, sandbox, service, number)
        sandbox.advance(days=1)
    befriended(own, sandbox, service, "accepts", 5)
    written(own, service, DeliveryKind.DIRECT, DIRECT)

    sending.send_batch(own, illustrated(own, service).id)
    work_through(own, make_workflow(own, kind="x"), sandbox.clock)

    assert differences(own, sandbox.ask("bill")["lines"]) == []
    assert sandbox.accepted("upload") == 2
    assert costs.spent_this_month(own, service) == Decimal(sandbox.ask("stats")["spent"])

    for what, amount in PLANTED.items():
        sandbox.tell("bill", account="ateliernord", what=what, amount=str(amount))

    found = differences(own, sandbox.ask("bill")["lines"])
    assert {item.what: item.billed - item.booked for item in found} == PLANTED
    assert str(found[0]).endswith("more than was booked")


def test_refused_writes_that_are_billed_are_named_and_nothing_else(
    runtime: Runtime, sandbox: RunningSandbox, service: Service
):
    own = of_sandbox(runtime, sandbox)
    befriended(own, sandbox, service, "refuses", 2)
    befriended(own, sandbox, service, "accepts", 2)
    written(own, service, DeliveryKind.DIRECT, DIRECT)

    (found,) = differences(own, sandbox.ask("bill")["lines"])

    refused = own.session.query(Message).filter_by(state=MessageState.FAILED).count()
    assert refused == 2
    assert (found.what, found.billed - found.booked) == ("direct", refused * Decimal("0.015"))


def test_four_workers_never_pass_a_budget_by_the_bill_of_the_network(
    runtime: Runtime, sandbox: RunningSandbox, service: Service
):
    own = of_sandbox(runtime, sandbox)
    befriended(own, sandbox, service, "accepts", PEOPLE)
    spent = costs.spent_this_month(own, service)
    budget = spent + 5 * (Decimal("0.015") + Decimal("0.010"))
    service.monthly_budget = budget
    own.session.commit()
    draft = make_delivery(own, service, content=DIRECT)
    analysis.start(own, draft.id)
    made = begin(own, analysis.analyse(own, draft.id)).id
    sandbox.tell("faults", kind="slow", operation="direct", seconds=0.05, count=PEOPLE)

    together(own, made)

    sent, billed = sandbox.accepted("direct"), Decimal(sandbox.ask("stats")["spent"])
    assert 0 < sent < PEOPLE
    assert billed <= budget
    own.session.expire_all()
    # What a busy machine heard no answer to is booked when it is known; nothing else is missing.
    unknown = own.session.query(Message).filter_by(state=MessageState.UNKNOWN).count()
    left = sum(item.billed - item.booked for item in differences(own, sandbox.ask("bill")["lines"]))
    assert left == unknown * Decimal("0.015")


def together(runtime: Runtime, delivery_id: int) -> None:
    """Let four processes of their own work on a delivery at once."""
    runtime.session.commit()
    runtime.session.close()
    db.engine.dispose()
    working = [_forked(runtime, delivery_id, leads=not number) for number in range(WORKERS)]
    assert [os.waitpid(pid, 0)[1] for pid in working] == [0] * WORKERS


def _forked(runtime: Runtime, delivery_id: int, *, leads: bool) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        with Database(db.engine, expire_on_commit=False) as session:
            own = replace(runtime, session=session)
            if leads:
                sending.send_batch(own, delivery_id)
            else:
                _helped(own)
        status = 0
    except BaseException:  # noqa: BLE001 - nothing of a fork may go on as its parent does
        traceback.print_exc()
    finally:
        os._exit(status)


def _helped(runtime: Runtime) -> None:
    """Help whoever leads, as idle workers do, until nobody has led for a moment."""
    ends = time.monotonic() + 3
    while time.monotonic() < ends:
        for delivery_id, token in sending.to_help(runtime):
            sending.help_out(runtime, delivery_id, token)
            ends = time.monotonic() + 0.3
        runtime.session.rollback()
        time.sleep(0.005)
