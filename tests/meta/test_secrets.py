"""No secret of the instance shows in a page, an address, a header or the log."""

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from tests.meta.test_routes import address, own_rules
from tests.support.factories import make_delivery, make_service, make_subscription, make_workflow
from webapp.kernel.config.settings import Settings
from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import team
from webapp.operators.authentication import passwords
from webapp.operators.models import LoginSession, Role
from webapp.services.models import ServiceSecret
from webapp.workflows import control

PASSWORD = "the horn nobody hears"
TOKEN = "a-token-of-the-network-0123456789"


@pytest.fixture
def secrets(runtime: Runtime, admin: FlaskClient, settings: Settings) -> dict[str, str]:
    """An instance with one row of everything, and each secret in it by name."""
    locked = passwords.hashed(PASSWORD)
    team.create(runtime, name="B", email="b@fanfare.example", role=Role.ADMIN, password_hash=locked)
    _operator, invitation = team.invite(runtime, email="c@fanfare.example", role=Role.VIEWER)
    service = make_service(runtime)
    make_service(runtime, is_test=True)
    subscription = make_subscription(runtime, service)
    make_delivery(runtime, service)
    control.run_now(runtime, make_workflow(runtime).id)
    sealed = runtime.secret_box.encrypt(TOKEN)
    runtime.session.get(ServiceSecret, (service.id, "token")).ciphertext = sealed
    runtime.session.commit()
    sessions = runtime.session.scalars(select(LoginSession.token_hash)).all()
    with admin.session_transaction() as cookie:
        token = cookie["_user_id"]
    runtime.session.rollback()
    assert subscription.id
    return {
        "secret key": settings.secret_key,
        "encryption key": settings.encryption_keys[0],
        "token of a service": TOKEN,
        "sealed token": sealed.decode(),
        "password": PASSWORD,
        "password hash": locked,
        "invitation": invitation,
        "token of a session": token,
        **{f"session {number}": locked for number, locked in enumerate(sessions)},
    }


def pages(app: Flask) -> list[str]:
    """The address of every page, with the rows of the fixture."""
    rules: list[Rule] = [rule for rule in own_rules(app) if "GET" in (rule.methods or ())]
    return [address(rule).replace("/none", "/fake") for rule in rules]


def test_no_page_address_header_or_log_holds_a_secret(
    app: Flask, admin: FlaskClient, secrets: dict[str, str], caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    found, seen, failed = [], 0, []

    for place in pages(app):
        answer = admin.get(place)
        seen += answer.status_code == 200
        failed += [place] if answer.status_code >= 500 else []
        shown = f"{answer.text} {answer.headers}"
        found += [(place, name) for name, secret in secrets.items() if secret in shown]

    found += [("log", name) for name, secret in secrets.items() if secret in caplog.text]
    assert found == []
    assert failed == []
    assert seen > 10


def test_an_error_nobody_foresaw_shows_no_value_of_a_row(app: Flask):
    engine = app.extensions["sqlalchemy"]
    with app.app_context():
        assert engine.engine.hide_parameters
