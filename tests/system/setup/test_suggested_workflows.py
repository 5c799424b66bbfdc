"""An account offers the workflows it needs where it was just connected."""

from decimal import Decimal
from html import unescape

import pytest
from flask.testing import FlaskClient

from channels import (
    ChannelError,
    ChannelWorkflow,
    ErrorKind,
    Operation,
    Price,
    StepResult,
    hookimpl,
)
from tests.support.factories import make_service
from tests.support.fakes import FakeChannel, FakeNetwork
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service
from webapp.system.setup import defaults, suggested_workflows
from webapp.workflows import control
from webapp.workflows.models import Run, Workflow, WorkflowState

MISSING = "New letters arrive by this alone."
FORM = {"label": "Board", "internal_name": "ateliernord", "folder": "Services"}
FORM |= {"visitor_folder": "Visitors", "daily_cap": "250", "sync_subscriptions": "y"}
FORM |= {"channel-region": "north", "channel-token": "right"}


class Board(FakeChannel):
    kind = "board"
    label = "Board"


class Plugin:
    """Brings a channel with a workflow it needs and one it does not."""

    def __init__(self, network: FakeNetwork) -> None:
        self.channel = Board(network)

    @hookimpl
    def register_channels(self):
        return [self.channel]

    @hookimpl
    def register_workflows(self):
        known = {"kind": "board", "schedule": "0 * * * *", "step": lambda *_given: StepResult()}
        return [
            ChannelWorkflow(job="fetch", name="Fetch letters", needed_for=MISSING, **known),
            ChannelWorkflow(job="tidy", name="Tidy up", **known),
        ]


@pytest.fixture(autouse=True)
def plugin(runtime: Runtime, network: FakeNetwork) -> Plugin:
    plugin = Plugin(network)
    runtime.registry.add(plugin, name="board")
    defaults.ensure(runtime)
    return plugin


def workflow(runtime: Runtime, job: str) -> Workflow:
    runtime.session.expire_all()
    return runtime.session.query(Workflow).filter_by(kind="board", job=job).one()


def connected(browser: FlaskClient) -> str:
    """Connect an account as an operator does and return the page that follows."""
    answer = browser.post("/services/new/board", data=FORM, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def offered(runtime: Runtime, service: Service) -> list[str]:
    return [offer.workflow.job for offer in suggested_workflows.offers(runtime, service)]


def test_the_page_after_connecting_offers_what_the_account_needs(admin: FlaskClient):
    page = connected(admin)

    assert "Does not run by itself" in page
    assert "Fetch letters" in page
    assert MISSING in page
    assert "When started: Every hour at :00." in page
    assert "Until it runs, the followers of this account are not known here." in page
    assert "Tidy up" not in page


def test_nothing_is_said_of_cost_where_nothing_is_charged(admin: FlaskClient):
    page = connected(admin)

    assert "charges for calls" not in page
    assert "A run now costs:" not in page


def test_where_the_channel_charges_the_offer_tells_the_cost_or_that_it_is_unknown(
    admin: FlaskClient, network: FakeNetwork
):
    price = Price(operation=Operation.AUDIENCE, amount=Decimal("0.01"), label="Followers")
    network.prices = [price]

    page = connected(admin)

    assert "A run now costs: @ateliernord: about $0.03." in " ".join(
        page.replace('<span class="ff-ink">', "").replace("</span>", "").split()
    )
    assert (
        page.count("Board charges for calls. What a run of this costs is not known beforehand.")
        == 1
    )


def test_what_is_started_there_follows_its_schedule_and_is_offered_no_more(
    admin: FlaskClient, runtime: Runtime
):
    connected(admin)
    service = runtime.session.query(Service).filter_by(kind="board").one()
    assert offered(runtime, service) == ["synchronise", "fetch"]

    url, sent = f"/workflows/{workflow(runtime, 'fetch').id}/start", {"service": service.id}
    runtime.session.commit()
    answer = admin.post(url, data=sent, follow_redirects=True)

    assert answer.request.path == f"/services/{sent['service']}"
    assert "Fetch letters is started." in answer.text
    assert workflow(runtime, "fetch").state is WorkflowState.STARTED
    assert offered(runtime, service) == ["synchronise"]


def test_what_is_run_there_leads_back_to_the_account(admin: FlaskClient, runtime: Runtime):
    service = make_service(runtime, kind="board")

    url = f"/workflows/{workflow(runtime, 'fetch').id}/run"
    answer = admin.post(url, data={"service": service.id})

    assert answer.headers["Location"] == f"/services/{service.id}"
    assert runtime.session.query(Run).one().workflow.job == "fetch"


@pytest.mark.parametrize("service", ["", "https://elsewhere.example", "-1x", "9" * 40])
def test_a_place_to_go_back_to_that_is_none_leads_to_the_workflow(
    admin: FlaskClient, runtime: Runtime, service: str
):
    number = workflow(runtime, "fetch").id

    answer = admin.post(f"/workflows/{number}/run", data={"service": service})

    assert answer.headers["Location"] == f"/workflows/{number}"


def test_a_marketer_reads_who_can_start_it(marketer: FlaskClient, runtime: Runtime):
    service = make_service(runtime, kind="board")

    page = marketer.get(f"/services/{service.id}").text

    assert "An administrator can start it." in page
    assert f"/workflows/{workflow(runtime, 'fetch').id}/start" not in page


def test_an_account_whose_followers_are_not_read_needs_no_synchronisation(runtime: Runtime):
    service = make_service(runtime, kind="board", sync_subscriptions=False)

    assert offered(runtime, service) == ["fetch"]


def test_a_channel_without_an_audience_needs_no_synchronisation(runtime: Runtime, plugin: Plugin):
    plugin.channel.audience = None

    assert offered(runtime, make_service(runtime, kind="board")) == ["fetch"]


def test_a_paused_workflow_is_no_news(runtime: Runtime):
    service = make_service(runtime, kind="board")
    for job in ("fetch", "synchronise"):
        control.start(runtime, workflow(runtime, job).id)
    control.pause(runtime, workflow(runtime, "fetch").id)

    assert offered(runtime, service) == []


def test_an_account_whose_plugin_is_gone_offers_nothing(admin: FlaskClient, runtime: Runtime):
    service = make_service(runtime, kind="board")
    runtime.registry.disable_channel("board", "gone")

    assert admin.get(f"/services/{service.id}").status_code == 200
    assert offered(runtime, service) == []
    assert suggested_workflows.charging(runtime, workflow(runtime, "fetch")) == ""


def test_prices_that_cannot_be_read_leave_the_workflows_to_be_seen(
    admin: FlaskClient, runtime: Runtime, plugin: Plugin
):
    def prices(_context):
        raise ChannelError("No prices.", kind=ErrorKind.TEMPORARY)

    make_service(runtime, kind="board")
    plugin.channel.limits = type("Limits", (), {"prices": staticmethod(prices)})()

    assert suggested_workflows.charging(runtime, workflow(runtime, "fetch")) == "Board"


def test_followers_that_were_read_are_not_called_unknown(admin: FlaskClient, runtime: Runtime):
    service = make_service(runtime, kind="board", audience_known_at=runtime.now())

    page = admin.get(f"/services/{service.id}").text

    assert "Who follows or leaves from now on becomes known here only when it runs." in page
    assert "are not known here" not in page
