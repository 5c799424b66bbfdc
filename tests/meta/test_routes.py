"""Every route declares what it needs, and refuses whoever lacks it."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from channels import ChannelError, ErrorKind
from tests.support.deliveries import sent
from tests.support.factories import make_delivery, make_service, make_workflow
from tests.support.fakes import FakeNetwork
from webapp.kernel.runtime import Runtime
from webapp.operators.access import GRANTED, Permission, permission_of
from webapp.operators.models import Role

VARIABLE = re.compile(r"<(?:(\w+)(?:\(([^)]*)\))?:)?\w+>")


def address(rule: Rule) -> str:
    """An address of the route, with made-up values for what is variable."""

    def made_up(found: re.Match[str]) -> str:
        if found[2]:
            return found[2].split(",")[0]
        return "1" if found[1] else "none"

    return VARIABLE.sub(made_up, rule.rule)


def own_rules(app: Flask) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not rule.endpoint.endswith(".static")
    ]


def method_of(rule: Rule) -> str:
    return "GET" if "GET" in (rule.methods or ()) else max(rule.methods or ())


def test_every_route_declares_a_permission(app: Flask):
    silent = [
        rule.endpoint
        for rule in own_rules(app)
        if permission_of(app.view_functions[rule.endpoint]) is None
    ]

    assert silent == [], "add @needs(Permission...) below the route of these views"


def test_who_is_not_logged_in_is_sent_to_log_in_everywhere(app: Flask, client: FlaskClient):
    closed = [
        rule
        for rule in own_rules(app)
        if permission_of(app.view_functions[rule.endpoint]) is not Permission.PUBLIC
    ]

    answers = {rule.endpoint: client.open(address(rule), method=method_of(rule)) for rule in closed}

    let_in = [
        endpoint
        for endpoint, answer in answers.items()
        if answer.status_code != 401
        and not (answer.status_code == 303 and str(answer.location).startswith("/login"))
    ]
    assert let_in == []


@pytest.mark.one_database
@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_refused_what_it_may_not(
    app: Flask, client_as: Callable[[Role], FlaskClient], role: Role
):
    client = client_as(role)

    let_in = [
        rule.endpoint
        for rule in own_rules(app)
        if permission_of(app.view_functions[rule.endpoint])
        not in (*GRANTED[role], Permission.PUBLIC)
        and client.open(address(rule), method=method_of(rule)).status_code != 403
    ]

    assert let_in == []


@pytest.mark.parametrize("role", list(Role))
def test_every_role_opens_every_page_it_may(
    app: Flask,
    runtime: Runtime,
    network: FakeNetwork,
    client_as: Callable[[Role], FlaskClient],
    role: Role,
):
    network.before = [ChannelError("The network minds.", kind=ErrorKind.PERMANENT, code="refused")]
    service = make_service(runtime)
    sent(runtime, service, people=2)
    make_delivery(runtime, service)
    make_workflow(runtime)
    client = client_as(role)

    refused = [
        rule.endpoint
        for rule in own_rules(app)
        if "GET" in (rule.methods or ())
        and permission_of(app.view_functions[rule.endpoint]) in GRANTED[role]
        and client.get(address(rule)).status_code == 403
    ]

    assert refused == []


def test_the_public_routes_are_few_and_known(app: Flask):
    public = {
        rule.endpoint
        for rule in own_rules(app)
        if permission_of(app.view_functions[rule.endpoint]) is Permission.PUBLIC
    }

    assert public == {
        "acquisition.draft",
        "acquisition.picture",
        "acquisition.public_answer",
        "acquisition.public_asked",
        "acquisition.public_back",
        "acquisition.public_confirm",
        "acquisition.public_confirm_page",
        "acquisition.public_page",
        "acquisition.public_start",
        "acquisition.public_thanks",
        "deliveries.events",
        "operators.login",
        "operators.log_in",
        "operators.setup",
        "operators.create_first",
        "operators.invitation",
        "operators.accept",
        "operators.state",
        "operators.strength",
        "privacy.why",
        "privacy.why_clicks",
        "privacy.why_end",
        "privacy.why_end_page",
        "privacy.why_erase",
        "privacy.why_erase_form",
        "privacy.why_stop",
        "system.alive",
        "system.lives",
        "tracking.follow",
        "tracking.report",
    }


def test_a_post_without_its_token_is_refused(app: Flask, admin: FlaskClient):
    app.config["WTF_CSRF_ENABLED"] = True

    answer = admin.post("/logout")

    assert answer.status_code == 400
    assert "reload the page" in answer.text


def test_every_answer_carries_the_strict_policy(client: FlaskClient):
    policy = client.get("/login").headers["Content-Security-Policy"]

    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
