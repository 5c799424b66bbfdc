"""Addresses of posts and people: of the sandbox where an account is there, never of a stranger."""

import pytest
from flask.testing import FlaskClient

from plugins.x import links
from tests.support.factories import make_service, make_subscription, make_visitor
from webapp.kernel.runtime import Runtime

RUNNING = {"sandbox_url": "http://127.0.0.1:9000/"}


def test_somebody_of_a_sandbox_that_does_not_run_has_no_address():
    assert links.of_person({}, "7", in_sandbox=True) == ""


@pytest.mark.parametrize(
    ("in_sandbox", "address"),
    [(True, "http://127.0.0.1:9000/people/7"), (False, "https://x.com/i/user/7")],
)
def test_a_person_is_seen_on_the_network_they_belong_to(*, in_sandbox: bool, address: str):
    assert links.of_person(RUNNING, "7", in_sandbox=in_sandbox) == address


@pytest.mark.parametrize("in_sandbox", [True, False])
def test_a_card_leads_to_x_only_for_people_of_x(
    runtime: Runtime, admin: FlaskClient, *, in_sandbox: bool
):
    service = make_service(runtime, kind="x")
    service.is_sandbox = in_sandbox
    tie = make_subscription(runtime, service, make_visitor(runtime, kind="x", remote_id="7"))

    page = admin.get(f"/audience/visitors/{tie.visitor_id}").text

    assert ("https://x.com/i/user/7" in page) is not in_sandbox


@pytest.mark.parametrize(
    ("in_sandbox", "address"),
    [(True, "/timeline/ateliernord#post-9"), (False, "https://x.com/ateliernord/status/9")],
)
def test_the_account_page_leads_to_each_post_where_it_stands(
    runtime: Runtime, admin: FlaskClient, *, in_sandbox: bool, address: str
):
    post = {"remote_id": "9", "text": "Open", "posted_at": "2026-11-23T09:00:00", "figures": {}}
    account = {"remote_id": "1", "name": "Atelier Nord", "followers": 3, "posts": [post]}
    service = make_service(runtime, kind="x", internal_name="ateliernord", account=account)
    service.is_sandbox = in_sandbox
    runtime.session.commit()

    page = admin.get(f"/services/{service.id}/account").text

    assert f'{address}"' in page
    assert ("https://x.com/ateliernord" in page) is not in_sandbox
