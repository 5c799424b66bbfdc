"""The pages of services."""

from dataclasses import replace
from decimal import Decimal

import pytest
from flask import render_template
from flask.testing import FlaskClient

from channels import Operation, Scope
from tests.support.deliveries import sent
from tests.support.factories import make_delivery, make_service
from tests.support.fakes import FakeNetwork, direct_limit, direct_price
from tests.support.fields import Fields
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.web import htmx
from webapp.services import costs
from webapp.services.limits import quota
from webapp.services.models import Service, ServiceState


@pytest.fixture
def service(runtime: Runtime, network: FakeNetwork) -> Service:
    network.limits = [direct_limit(15)]
    network.prices = [direct_price("0.015")]
    return make_service(
        runtime,
        internal_name="ateliernord",
        monthly_budget=Decimal(60),
        account={
            "remote_id": "1",
            "name": "Atelier Nord",
            "handle": "ateliernord",
            "followers": 12_408,
            "following": 3,
            "post_count": 2_904,
            "description": "Furniture in birch and oak.",
            "posts": [
                {"text": "Oil or soap?", "posted_at": "2026-11-21T10:00:00+00:00", "figures": {}}
            ],
        },
    )


def test_the_dashboard_shows_how_every_window_stands(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    quota.reserve(runtime, service, Operation.DIRECT, units=9)

    page = admin.get(f"/services/{service.id}").text

    assert "of 15" in page
    assert "day, your cap" in page
    assert "Direct messages, 15 min: 9 of 15 used" in page


def test_the_dashboard_holds_the_cost_against_the_budget_and_looks_ahead(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    costs.charge(runtime, service, Operation.DIRECT, count=2_021)
    runtime.session.commit()

    page = admin.get(f"/services/{service.id}").text

    assert "$30.32" in page
    assert "of a $60.00 budget" in page
    # 23 of 30 days are begun.
    assert "$39.54" in page
    assert "Deliveries pause before $60.00 is passed." in page


def test_the_account_page_draws_the_live_account(admin: FlaskClient, service: Service):
    page = admin.get(f"/services/{service.id}/account").text

    assert "Furniture in birch and oak." in page
    assert "12,408" in page
    assert "Oil or soap?" in page


@pytest.mark.parametrize("tab", ["", "/account", "/quota"])
def test_a_service_that_was_never_read_has_its_pages(
    runtime: Runtime, admin: FlaskClient, tab: str
):
    bare = make_service(runtime)

    answer = admin.get(f"/services/{bare.id}{tab}")

    assert answer.status_code == 200


def test_a_fault_is_named_with_the_way_out(runtime: Runtime, admin: FlaskClient, service: Service):
    service.state, service.fault = ServiceState.NEEDS_FIXING, notices.of("The token is read-only.")
    runtime.session.commit()

    page = admin.get(f"/services/{service.id}").text

    assert "@ateliernord cannot be used as it is." in page
    assert "The token is read-only." in page
    assert "Enter new keys" in page


def test_the_checks_arrive_one_by_one(admin: FlaskClient, service: Service):
    asked = {"X-Fanfare-Stream": "1"}
    answer = admin.post(f"/services/{service.id}/check", headers=asked, buffered=False)

    assert answer.is_streamed
    assert answer.text.count("<li") == 1
    assert "Token" in answer.text


def test_the_checks_run_without_a_script_too(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    answer = admin.post(f"/services/{service.id}/check")

    runtime.session.expire_all()
    assert answer.location == f"/services/{service.id}"
    assert [item["state"] for item in service.checks] == ["passed"]


def test_a_limit_of_the_whole_app_says_so(
    runtime: Runtime, admin: FlaskClient, service: Service, network: FakeNetwork
):
    limit = direct_limit(1_440, seconds=86_400)
    network.limits = [
        type(limit)(
            operation=limit.operation,
            scope=Scope.APP,
            seconds=limit.seconds,
            cap=limit.cap,
            shared_key="a",
        )
    ]

    assert "24 h, whole app" in admin.get(f"/services/{service.id}/quota").text


def test_the_cost_of_a_delivery_is_shown_only_once_it_cost_something(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    make_delivery(runtime, service, label="Winter list")

    page = admin.get(f"/services/{service.id}/quota").text

    assert "No delivery of this account cost anything this month." in page


def test_the_settings_show_folders_by_name_and_no_secret(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    page = admin.get(f"/services/{service.id}/settings").text

    assert 'value="Services"' in page
    assert 'value="Visitors"' in page
    assert 'value="60.0000"' in page or 'value="60.00"' in page
    assert "good" not in page.replace("no good", "")


def test_what_was_typed_is_checked_without_being_stored(runtime: Runtime, admin: FlaskClient):
    typed = {"label": "New", "internal_name": "ateliernord", "channel-token": "wrong"}

    answer = admin.post("/services/new/fake/try", data=typed, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert "Make a new one." in answer.text
    assert "<html" not in answer.text
    assert "No account is connected yet" in admin.get("/services").text


def test_the_guide_names_a_read_only_token_at_its_step(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    service.kind, service.settings = "x", {}
    service.checks = [
        {
            "code": "permission",
            "label": "Permission",
            "state": "error",
            "detail": "The token of @ateliernord is read-only.",
            "fix": "Make a new access token.",
            "milliseconds": None,
        }
    ]
    runtime.session.commit()

    page = admin.get(f"/services/{service.id}/settings").text

    assert "The token of @ateliernord is read-only. Make a new access token." in page


def test_each_figure_of_the_list_has_its_name_also_on_a_phone(admin: FlaskClient, service: Service):
    """There the head of the table is not drawn, so each cell brings its own word."""
    page = admin.get("/services").text

    for name in ("Followers", "Messages today", "Spent this month"):
        assert f'data-label="{name}"' in page


def test_the_settings_of_a_sandbox_account_say_so_and_find_its_test_account(
    runtime: Runtime, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    real, mine = make_service(runtime), make_service(runtime, is_sandbox=True)
    make_service(runtime, is_sandbox=True, is_test=True)
    found: dict[int, bool] = {}

    def noted(_template: str, *, service: Service, proved: bool, **_more: object) -> str:
        found[service.id] = proved
        return render_template("services/edit.html", service=service, proved=proved, **_more)

    monkeypatch.setattr(htmx, "render_template", noted)
    page = admin.get(f"/services/{mine.id}/settings").text
    admin.get(f"/services/{real.id}/settings")

    assert f"<h1>@{mine.internal_name} (sandbox)</h1>" in page
    assert found == {mine.id: True, real.id: False}


def test_one_follower_is_no_plural_and_keys_are_told_in_words(
    runtime: Runtime, marketer: FlaskClient
):
    service = make_service(
        runtime,
        account={
            "name": "Atelier Nord",
            "remote_id": "1",
            "followers": 1,
            "permissions": "read-write",
            "lacks": {"direct": "Set it.", "inbox": "Set it."},
            "posts": [],
        },
    )
    runtime.session.commit()

    page = " ".join(marketer.get(f"/services/{service.id}/account").text.split())

    assert "Atelier Nord · 1 follower<" in page
    assert "<dd>read the account, publish posts</dd>" in page


def test_the_dashboard_begins_with_people_and_results_before_limits_and_cost(
    runtime: Runtime, marketer: FlaskClient
):
    service = make_service(runtime)
    sent(runtime, service, label="Spring letter")
    sent(runtime, make_service(runtime), label="Of another account")
    path = f"/services/{service.id}"

    page = marketer.get(path).text.partition("<main")[2]

    heads = ["Subscribers</h2>", "Recent results</h2>", "Limits</h2>", "Cost of this month</h2>"]
    assert [page.index(head) for head in heads] == sorted(page.index(head) for head in heads)
    assert "Spring letter" in page
    assert "Of another account" not in page


def test_an_old_page_of_settings_puts_nothing_old_back(
    admin: FlaskClient, network: FakeNetwork, service: Service
):
    network.account = replace(network.account, remote_id=service.remote_id)
    address = f"/services/{service.id}/settings"
    old = filled(admin.get(address).text, address)
    admin.post(address, data=old | {"monthly_budget": "20", "four_eyes": "y"})

    refused = admin.post(address, data=old | {"label": "Another name"})

    assert refused.status_code == htmx.FORM_ERROR
    assert "Somebody changed these settings meanwhile" in refused.text
    assert stored(service.id) == ("Atelier Nord", Decimal(20), True)

    again = filled(refused.text, address)
    assert again["label"] == "Another name"
    assert admin.post(address, data=again).status_code == 303
    assert stored(service.id) == ("Another name", Decimal(60), False)


def filled(page: str, address: str) -> dict[str, str]:
    """What a browser would send of the settings as they are shown."""
    return dict(Fields(page, method="post", action=address).sent)


def stored(service_id: int) -> tuple[str, Decimal | None, bool]:
    """What the database has by now; it is left to the next request."""
    db.session.rollback()
    row = db.session.get_one(Service, service_id)
    found = row.label, row.monthly_budget, row.four_eyes
    db.session.rollback()
    return found
