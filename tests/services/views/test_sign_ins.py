"""The page of sign-ins says how each account stands, moves it and leads it back."""

import html
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from channels import Session
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from tests.support.sessions import FakeMoving, FakeSignIn
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import SecretBox, new_key
from webapp.operators.models import Role
from webapp.services.channel import session_ledger, session_store
from webapp.services.channel.context import context_of
from webapp.services.connection import renewing
from webapp.services.models import (
    RefreshOutcome,
    Service,
    ServiceSecret,
    ServiceState,
    SessionStep,
    StateValue,
)

PAGE = "/services/sign-ins/fake"


@pytest.fixture
def service(runtime: Runtime, network: FakeNetwork) -> Service:
    channel = runtime.registry.get("fake")
    channel.moving, channel.sign_in = FakeMoving(), FakeSignIn()
    network.account = replace(network.account, remote_id="1", handle="ateliernord")
    return make_service(runtime, internal_name="ateliernord", remote_id="1")


def worked(runtime: Runtime, number: int) -> None:
    """Let a worker do what is due."""
    db.session.rollback()
    renewing.renew(replace(runtime, session=db.session()), number)
    db.session.rollback()


def test_one_click_moves_all_and_another_leads_one_back(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    number = service.id
    page = admin.get(PAGE).text
    assert "Move 1 service to sign-in" in page
    assert "Fake ends its old tokens." in admin.get(f"/services/{number}").text

    assert "1 account is being moved." in admin.post(f"{PAGE}/move", follow_redirects=True).text
    assert "Under way" in admin.get(PAGE).text
    worked(runtime, number)

    page = admin.get(PAGE).text
    assert "Moved" in page
    assert "Go back" in page
    assert "right account" in page
    sheet = admin.get(f"{PAGE}/ledger.csv").text
    assert "trade,test" not in sheet
    assert "trade,Admin,refreshed" in sheet

    page = admin.post(f"/services/{number}/move-back", follow_redirects=True).text
    assert "is asked with its older keys again" in page
    assert "To move" in admin.get(PAGE).text


def test_an_account_that_is_named_wrongly_moves_no_other(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    page = admin.post(f"{PAGE}/move", data={"service_id": "all"}, follow_redirects=True).text

    assert "0 accounts are being moved." in page
    assert "To move" in page


def test_an_account_whose_tokens_no_key_opens_is_signed_in_again(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    tokens = Session(secrets={"token": "old"})
    session_store.keep(runtime, service, tokens)
    session_store.hold(runtime, service, tokens)
    lost = SecretBox([new_key()]).encrypt("lost")
    runtime.session.execute(delete(ServiceSecret))
    runtime.session.execute(
        update(StateValue).where(StateValue.ciphertext.is_not(None)).values(ciphertext=lost)
    )
    runtime.session.commit()
    number = service.id
    db.session.rollback()

    began = admin.post(f"/services/{number}/sign-in")
    address = html.unescape(admin.get(began.location).text)
    state = re.search(r"authorise[?]state=([\w-]+)", address)[1]
    told = {"state": state, "code": "c"}
    page = admin.get("/services/sign-in/fake/back", query_string=told, follow_redirects=True).text

    assert "is connected by a sign-in" in page
    db.session.rollback()
    own = replace(runtime, session=db.session())
    assert context_of(own, db.session.get_one(Service, number)).secret("token") == "token of c"


def test_older_keys_that_are_dead_lead_nowhere_back(
    runtime: Runtime, admin: FlaskClient, service: Service, network: FakeNetwork
):
    number = service.id
    admin.post(f"{PAGE}/move")
    worked(runtime, number)
    network.account = replace(network.account, remote_id="2", handle="other")

    page = admin.post(f"/services/{number}/move-back", follow_redirects=True).text

    assert "These keys belong to" in page
    assert "Moved" in page


def test_a_lost_answer_and_a_dead_sign_in_are_said_in_words(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    session_store.keep(runtime, service, FakeMoving().trade(None))
    row = session_ledger.open_row(runtime, service, SessionStep.REFRESH, token="secret token")
    session_ledger.close(runtime, row, RefreshOutcome.UNKNOWN)
    session_store.doubt(runtime, service, runtime.now())
    runtime.session.commit()
    page = admin.get(PAGE).text
    assert "Answer lost" in page
    assert "traded again by themselves" in page
    assert "secret token" not in page

    service = db.session.get(Service, service.id)
    service.state = ServiceState.NEEDS_FIXING
    session_ledger.close(replace(runtime, session=db.session()), row, RefreshOutcome.REFUSED)
    db.session.commit()
    assert "Sign in again" in admin.get(PAGE).text


def test_who_only_looks_sees_the_page_and_no_button(runtime: Runtime, client_as, service: Service):
    viewer = client_as(Role.VIEWER)

    page = viewer.get(PAGE).text
    assert "To move" in page
    assert "/move" not in page.replace("/static", "")
    assert viewer.post(f"{PAGE}/move").status_code == 403


def test_the_ledger_is_read_page_by_page(runtime: Runtime, admin: FlaskClient, service: Service):
    for number in range(25):
        row = session_ledger.open_row(runtime, service, SessionStep.TRADE, by=f"worker {number}")
        session_ledger.close(runtime, row, RefreshOutcome.REFRESHED)
    runtime.session.commit()

    page = admin.get(PAGE).text
    assert "worker 24" in page
    assert "worker 4<" not in page
    older = page.split("before=")[1].split('"')[0]
    assert "worker 4<" in admin.get(f"{PAGE}?before={older}").text
    assert admin.get(f"{PAGE}?before=nonsense").status_code == 200
