"""The first steps on Home: they read what there is, lead on, and go once they are done."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from flask.testing import FlaskClient

from channels import Operation, Price
from tests.support.deliveries import begin, ready
from tests.support.factories import make_delivery, make_service, make_subscription, make_workflow
from tests.support.fakes import FakeNetwork, person
from tests.support.sync import work
from webapp.deliveries import sending
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.models import Service
from webapp.system.dashboard import first_steps
from webapp.system.dashboard.first_steps import Step
from webapp.workflows import control
from webapp.workflows.models import WorkflowState


def connected(runtime: Runtime, network: FakeNetwork, **values: object) -> Service:
    """An account just connected: 800 follow it, nobody read them, and reading costs."""
    price = Price(operation=Operation.AUDIENCE, label="Follower", amount=Decimal("0.01"))
    network.prices = [price]
    known = {"audience_known_at": None, "internal_name": "ateliernord"}
    account = {"account": {"followers": 800}, "account_read_at": runtime.now()}
    return make_service(runtime, **known | account | values)


def published(runtime: Runtime, service: Service, label: str = "We are here") -> Delivery:
    post = begin(runtime, ready(runtime, service, people=0, kind=DeliveryKind.POST, label=label))
    sending.send_batch(runtime, post.id)
    return post


def done(runtime: Runtime) -> set[str]:
    start = first_steps.start(runtime)
    return {item.step for item in start.steps if item.done} if start else set(Step)


def test_each_step_is_done_once_what_it_asks_for_is_there(runtime: Runtime, network: FakeNetwork):
    job = make_workflow(runtime, state=WorkflowState.STOPPED)
    assert done(runtime) == set()

    brand = connected(runtime, network, account={})
    assert done(runtime) == {Step.ACCOUNT}

    make_service(runtime, is_test=True, audience_known_at=None, sync_subscriptions=False)
    assert done(runtime) == {Step.ACCOUNT, Step.TEST}

    network.people = [person(1)]
    work(runtime, job)
    assert done(runtime) == {Step.ACCOUNT, Step.TEST, Step.FOLLOWERS}

    published(runtime, brand)
    assert done(runtime) == {Step.ACCOUNT, Step.TEST, Step.FOLLOWERS, Step.PUBLISH}

    direct = begin(runtime, ready(runtime, brand, people=1))
    sending.send_batch(runtime, direct.id)
    assert first_steps.start(runtime) is None


def test_a_proof_and_a_draft_are_no_first_post(runtime: Runtime):
    service = make_service(runtime)
    make_delivery(runtime, service, kind=DeliveryKind.POST)

    assert Step.PUBLISH not in done(runtime)


def test_home_lists_the_steps_with_their_ticks_and_the_next_thing_to_do(
    runtime: Runtime, network: FakeNetwork, admin: FlaskClient
):
    make_workflow(runtime, state=WorkflowState.STOPPED)
    connected(runtime, network)

    page = admin.get("/").text

    steps = page.partition('id="start"')[2].partition("</section>")[0]
    assert "1 of 5 done" in steps
    assert len(re.findall("Done:", steps)) == 1
    assert "Waits until somebody wrote first or opted in." in steps
    assert "Write a post" in steps


def test_followers_never_read_are_unknown_and_home_tells_what_reading_costs_and_offers_it(
    runtime: Runtime, network: FakeNetwork, admin: FlaskClient
):
    job = make_workflow(runtime, state=WorkflowState.STOPPED)
    connected(runtime, network)

    page = admin.get("/").text

    assert "+0 gained" not in page
    assert "gained, lost: unknown" in page
    assert '<span class="ff-big">800</span>' in page
    assert "Read the followers of @ateliernord" in page
    assert "The schedule is stopped, so nobody reads them." in page
    assert "about $8.00" in page
    assert re.search(r"Start: [^<]*Thu", page)

    assert admin.post(f"/workflows/{job.id}/start", data={"back": "home"}).location == "/"
    assert "They are read by themselves Thu 26 Nov, 07:30." in admin.get("/").text
    assert admin.post(f"/workflows/{job.id}/run", data={"back": "home"}).location == "/"
    assert "See the run" in admin.get("/").text


def test_once_put_away_the_list_is_gone_for_that_operator_and_unread_followers_still_need_somebody(
    runtime: Runtime,
    network: FakeNetwork,
    admin: FlaskClient,
    client_as: Callable[[Role], FlaskClient],
):
    make_workflow(runtime, state=WorkflowState.STOPPED)
    connected(runtime, network)

    assert admin.post("/start/away").location == "/"

    page = admin.get("/").text
    assert 'id="start"' not in page
    assert "The followers of @ateliernord were not read yet" in page
    assert re.search(r'Needs you</h2>\s*<span class="ff-n ff-num">1</span>', page)
    assert 'id="start"' in client_as(Role.MARKETER).get("/").text


def test_only_an_administrator_is_offered_to_read_them(
    runtime: Runtime, network: FakeNetwork, client_as: Callable[[Role], FlaskClient]
):
    make_workflow(runtime, state=WorkflowState.STOPPED)
    connected(runtime, network)

    page = client_as(Role.MARKETER).get("/").text

    assert "Read now" not in page
    assert "An administrator lets it run." in page


def test_a_channel_without_prices_has_no_word_of_money(
    runtime: Runtime, network: FakeNetwork, admin: FlaskClient
):
    make_workflow(runtime, state=WorkflowState.STOPPED)
    connected(runtime, network)
    network.prices = []

    steps = admin.get("/").text.partition('id="start"')[2].partition("</section>")[0]

    assert "$" not in steps


def test_home_looks_again_soon_while_something_runs_and_refreshes_the_figures(
    runtime: Runtime, network: FakeNetwork, admin: FlaskClient
):
    job = make_workflow(runtime, state=WorkflowState.STOPPED)
    connected(runtime, network)
    assert "every 10s" in admin.get("/").text

    control.run_now(runtime, job.id)
    page = admin.get("/").text
    again = re.search(r'id="home" hx-get="([^"]+)" hx-trigger="every 2s"', page)[1]
    network.people = [person(1), person(2)]
    work(runtime, job)

    part = admin.get(again, headers={"HX-Request": "true"}).text

    assert 'id="home-growth" hx-swap-oob="morph"' in part
    assert '<span class="ff-big">2</span>' in part
    assert "every 10s" in part
    assert "home-growth" not in admin.get("/", headers={"HX-Request": "true"}).text


def test_a_stopped_schedule_is_told_beside_the_number_it_no_longer_renews(
    runtime: Runtime, network: FakeNetwork, admin: FlaskClient
):
    job = make_workflow(runtime, state=WorkflowState.STOPPED)
    make_subscription(runtime, make_service(runtime))
    work(runtime, job)

    assert "The schedule is not followed:" in admin.get("/").text
    control.start(runtime, job.id)
    assert "The schedule is not followed:" not in admin.get("/").text


def test_home_shows_what_came_of_the_last_deliveries(
    runtime: Runtime, network: FakeNetwork, admin: FlaskClient
):
    service = make_service(runtime)
    published(runtime, service, "We are here")
    service.account = {
        "posts": [
            {
                "remote_id": "p0",
                "text": "Spring",
                "posted_at": runtime.now().isoformat(),
                "figures": {"views": 8410, "likes": 204},
            }
        ]
    }
    service.account_read_at = runtime.now() + timedelta(minutes=1)
    published(runtime, make_service(runtime), "Not read yet")
    direct = begin(runtime, ready(runtime, service, people=2, label="Winter list"))
    sending.send_batch(runtime, direct.id)

    page = admin.get("/").text

    rows = page.partition('id="results"')[2].partition("</section>")[0].split("<tr>")
    found = {re.search(r'ff-name"[^>]*>([^<]+)', row)[1]: row for row in rows[2:]}
    assert list(found) == ["Winter list", "Not read yet", "We are here"]
    assert "2 of 2" in found["Winter list"]
    assert "not counted for direct messages" in found["Winter list"]
    assert found["Not read yet"].count("unknown") == 3
    assert "8,410" in found["We are here"]
    assert "204" in found["We are here"]
    assert found["We are here"].count("unknown") == 1
