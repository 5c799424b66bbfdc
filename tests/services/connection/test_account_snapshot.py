"""The account tab asks the network, and says so when it cannot."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from channels import Account, ChannelError, ErrorKind, Limit, Operation, Price, Scope
from channels.clock import FileClock
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.models import Service, ServiceState

KNOWN = {"remote_id": "1", "handle": "ateliernord", "name": "Atelier of old", "posts": []}


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime, internal_name="ateliernord", remote_id="1", account=KNOWN)


@pytest.fixture
def live(service: Service) -> str:
    return f"/services/{service.id}/account/live"


def refusing(kind: ErrorKind, sentence: str):
    def ask(_context: object) -> None:
        raise ChannelError(sentence, kind=kind)

    return ask


def test_the_tab_shows_what_is_known_and_asks_for_the_rest(
    admin: FlaskClient, service: Service, live: str
):
    page = admin.get(f"/services/{service.id}/account").text

    assert "Atelier of old" in page
    assert f'hx-get="{live}"' in page
    assert f'<noscript><a href="{live}">' in page


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
def test_the_live_account_comes_from_the_network(
    runtime: Runtime, admin: FlaskClient, service: Service, live: str, headers: dict[str, str]
):
    page = admin.get(live, headers=headers).text

    assert ("<html" in page) == (not headers)
    assert "Atelier of old" not in page
    [line] = costs.by_operation(runtime, service)
    assert line.calls == 1


def test_a_token_that_was_revoked_is_told_with_what_was_known(
    runtime: Runtime, admin: FlaskClient, network: FakeNetwork, service: Service, live: str
):
    network.on_ask = refusing(ErrorKind.SENDER, "The token was revoked.")

    page = admin.get(live, headers={"HX-Request": "true"}).text

    assert "The token was revoked." in page
    assert "Atelier of old" in page
    assert "the settings work" not in page
    runtime.session.expire_all()
    assert service.state is ServiceState.NEEDS_FIXING


def test_a_network_that_is_down_says_nothing_about_the_account(
    runtime: Runtime, admin: FlaskClient, network: FakeNetwork, service: Service, live: str
):
    network.on_ask = refusing(ErrorKind.TEMPORARY, "Fake cannot be reached.")

    page = admin.get(live).text

    assert "Fake cannot be reached." in page
    runtime.session.expire_all()
    assert service.state is ServiceState.CONNECTED


def test_keys_of_another_account_do_not_change_this_one(
    admin: FlaskClient, network: FakeNetwork, live: str
):
    network.account = Account(remote_id="2", handle="other", name="Jonas of Elsewhere")

    page = admin.get(live).text

    assert "These keys belong to @other" in page
    assert "Jonas of Elsewhere" not in page


def test_within_a_minute_the_network_is_not_asked_again(
    admin: FlaskClient, network: FakeNetwork, clock: FileClock, live: str
):
    asked: list[object] = []
    network.on_ask = asked.append

    for _time in range(2):
        admin.get(live)
    clock.advance(timedelta(minutes=2))
    admin.get(live)

    assert len(asked) == 2


@pytest.mark.parametrize(("once_a_day", "calls"), [(True, 1), (False, 2)])
def test_what_is_free_again_on_the_same_day_is_charged_once(
    runtime: Runtime,
    admin: FlaskClient,
    network: FakeNetwork,
    clock: FileClock,
    service: Service,
    live: str,
    *,
    once_a_day: bool,
    calls: int,
):
    price = Price(operation=Operation.ACCOUNT, amount=Decimal("0.01"), label="Account read")
    network.prices = [replace(price, once_a_day=once_a_day)]

    admin.get(live)
    clock.advance(timedelta(minutes=2))
    admin.get(live)

    [line] = costs.by_operation(runtime, service)
    assert (line.calls, line.amount) == (calls, Decimal("0.01") * calls)


def test_a_spent_limit_keeps_the_network_from_being_asked(
    admin: FlaskClient, network: FakeNetwork, clock: FileClock, live: str
):
    network.limits = [Limit(operation=Operation.ACCOUNT, scope=Scope.ACCOUNT, seconds=900, cap=1)]
    admin.get(live)
    clock.advance(timedelta(minutes=2))

    page = admin.get(live).text

    assert "limit for reading this account is used up" in page
