"""A thread that ended half-way is taken back part by part."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from channels import ErrorKind, Operation, Price
from channels.clock import FileClock
from tests.support.counters import counters_of, messages_of
from tests.support.crash import MachineClock
from tests.support.deliveries import fault
from tests.support.factories import actions
from tests.support.fakes import FakeNetwork
from tests.support.half_way import crashing, elsewhere, ended, message, page
from webapp.deliveries.control import delete_post
from webapp.deliveries.counts import figures_of
from webapp.deliveries.models import Attempt, Deletion, Delivery
from webapp.deliveries.queries.costs import by_delivery
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services import costs
from webapp.services.models import Service

pytestmark = pytest.mark.usefixtures("takes_threads")

TEXTS = ["One.", "Two.", "Three."]
# At least all that taking back two parts has.
COMMITS = range(1, 16)


@pytest.fixture
def refused(runtime: Runtime, network: FakeNetwork, service: Service) -> Delivery:
    """A thread whose third part was refused for good."""
    return ended(runtime, network, service, ErrorKind.PERMANENT)


def seen(runtime: Runtime, delivery: Delivery) -> dict[str, list[str]]:
    """What the form of the page says is out."""
    rows = delete_post.parts_out(runtime, message(runtime, delivery))
    found = {"part": [str(row.id) for row in rows]}
    runtime.session.commit()
    return found


def ledger(runtime: Runtime) -> list[tuple[int, str | None]]:
    runtime.session.expire_all()
    rows = runtime.session.query(Deletion).order_by(Deletion.id)
    places = {row.id: row.position for row in runtime.session.query(Attempt)}
    return [(places[row.attempt_id], row.outcome and row.outcome.value) for row in rows]


def test_the_page_shows_what_is_out_before_it_is_deleted(
    runtime: Runtime, network: FakeNetwork, refused: Delivery, marketer: FlaskClient
):
    log = marketer.get(f"/deliveries/{refused.id}").text
    shown = marketer.get(page(runtime, refused) + "/parts").text

    assert "2 parts are out" in log
    assert "2 of 3 parts are out now." in shown
    assert all(text in shown for text in TEXTS)
    assert "Delete 2 parts" in shown
    assert network.posts == TEXTS[:2]


def test_what_is_out_is_deleted_from_its_end_and_each_call_is_in_the_ledger(
    runtime: Runtime, network: FakeNetwork, refused: Delivery, marketer: FlaskClient
):
    where = page(runtime, refused)
    answer = marketer.post(where + "/take-back", data=seen(runtime, refused), follow_redirects=True)

    found = message(runtime, refused)
    assert network.posts == ["", ""]
    assert ledger(runtime) == [(1, "deleted"), (0, "deleted")]
    assert (found.state.value, found.taken_back_at) == ("failed", runtime.now())
    assert "0 of 3 parts are out now." in answer.text
    assert "Delete" not in answer.text
    assert "delivery.take_back" in actions(runtime)


def test_half_a_thread_that_is_taken_back_is_no_post_that_stood(
    runtime: Runtime, refused: Delivery
):
    delete_post.take_back(runtime, refused.id, message(runtime, refused).id)

    figures = figures_of(runtime, [refused.id])[refused.id]
    assert (figures.sent, figures.taken_back, figures.stands) == (0, 0, 0)
    assert counters_of(runtime, refused.id) == messages_of(runtime, refused.id)


def test_a_viewer_sees_the_parts_and_deletes_none(
    runtime: Runtime,
    network: FakeNetwork,
    refused: Delivery,
    client_as: Callable[[Role], FlaskClient],
):
    where, viewer = page(runtime, refused), client_as(Role.VIEWER)

    shown = viewer.get(where + "/parts").text
    answer = viewer.post(where + "/take-back", data=seen(runtime, refused))

    assert "2 of 3 parts are out now." in shown
    assert "Delete 2 parts" not in shown
    assert answer.status_code == 403
    assert network.posts == TEXTS[:2]


def test_nothing_is_deleted_that_the_operator_was_not_shown(
    runtime: Runtime, network: FakeNetwork, refused: Delivery, marketer: FlaskClient
):
    told = seen(runtime, refused)["part"][:1]

    answer = marketer.post(
        page(runtime, refused) + "/take-back", data={"part": told}, follow_redirects=True
    )

    assert "Something else is out than you were shown." in answer.text
    assert network.posts == TEXTS[:2]
    assert ledger(runtime) == []


@pytest.mark.parametrize(
    ("kind", "outcome", "words"),
    [
        (ErrorKind.PERMANENT, "refused", "The post is still there: The network minds."),
        (ErrorKind.UNKNOWN, "unknown", "Nobody knows whether it was deleted"),
    ],
)
def test_a_part_that_is_not_deleted_keeps_the_parts_before_it_and_is_tried_again(
    runtime: Runtime,
    network: FakeNetwork,
    refused: Delivery,
    marketer: FlaskClient,
    kind: ErrorKind,
    outcome: str,
    words: str,
):
    where = page(runtime, refused) + "/take-back"
    network.on_delete = fault(kind)
    first = marketer.post(where, data=seen(runtime, refused), follow_redirects=True).text
    network.on_delete = None
    marketer.post(where, data=seen(runtime, refused))

    assert words in first
    assert ledger(runtime) == [(1, outcome), (1, "deleted"), (0, "deleted")]
    assert network.posts == ["", ""]


def test_each_call_is_charged_once(
    runtime: Runtime, network: FakeNetwork, service: Service, refused: Delivery
):
    network.prices = [Price(operation=Operation.DELETE, amount=Decimal("0.01"), label="Deleted")]

    delete_post.take_back(runtime, refused.id, message(runtime, refused).id)

    rows = runtime.session.query(Deletion.cost).all()
    assert [row[0] for row in rows] == [Decimal("0.01")] * 2
    assert costs.spent_this_month(runtime, service) == Decimal("0.02")
    assert figures_of(runtime, [refused.id])[refused.id].cost == Decimal("0.02")
    assert [(line.calls, line.amount) for line in by_delivery(runtime, service)] == [
        (2, Decimal("0.02"))
    ]


@pytest.mark.parametrize("at", COMMITS)
def test_who_dies_after_any_commit_leaves_nothing_that_cannot_be_taken_back(
    runtime: Runtime, network: FakeNetwork, clock: FileClock, refused: Delivery, at: int
):
    machine, number = MachineClock(clock.path), message(runtime, refused).id
    runtime.session.commit()
    crashing(runtime, machine, at, lambda own: delete_post.take_back(own, refused.id, number))
    machine.pass_time(timedelta(minutes=10))

    if message(runtime, refused).taken_back_at is None:
        runtime.session.commit()
        with elsewhere(runtime, machine) as own:
            delete_post.take_back(own, refused.id, number)

    assert network.posts == ["", ""]
    assert message(runtime, refused).taken_back_at
    assert None not in [outcome for _place, outcome in ledger(runtime)]
    done = [place for place, outcome in ledger(runtime) if outcome == "deleted"]
    assert done == [1, 0]
    assert actions(runtime).count("delivery.take_back") == 1


def test_every_commit_of_taking_back_is_tried(
    runtime: Runtime, clock: FileClock, refused: Delivery
):
    number = message(runtime, refused).id
    runtime.session.commit()

    made = crashing(
        runtime,
        MachineClock(clock.path),
        0,
        lambda own: delete_post.take_back(own, refused.id, number),
    )

    assert made in COMMITS
