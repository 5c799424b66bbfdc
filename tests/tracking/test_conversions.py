"""The target of a link reports what came of a click: signed, and each report once."""

import hmac
import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support.deliveries import sent
from tests.support.fakes import FakeNetwork
from tests.tracking.conftest import Follow, links_in
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service
from webapp.tracking import choices, conversions
from webapp.tracking.models import Conversion

TEXT = "Hi, see https://shop.example/spring . {opt_out_line}"


@pytest.fixture
def key(runtime: Runtime) -> str:
    choices.choose(runtime, replace(choices.of_instance(runtime), click_ids=True))
    return conversions.new_key(runtime)


@pytest.fixture
def click(
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    follow: Follow,
    key: str,
) -> str:
    """The number of a click, as its target was told it."""
    assert key
    sent(runtime, service, people=1, content=TEXT)
    runtime.session.rollback()
    target = follow(links_in(network.directs[0][1])[0]).headers["Location"]
    return parse_qs(urlsplit(target).query)["fanfare_click"][0]


def report(client: FlaskClient, key: str, told: object) -> TestResponse:
    return signed(client, key, json.dumps(told).encode())


def signed(client: FlaskClient, key: str, body: bytes) -> TestResponse:
    signature = f"sha256={hmac.new(key.encode(), body, 'sha256').hexdigest()}"
    return client.post("/l/conversions", data=body, headers={"X-Fanfare-Signature": signature})


def test_a_report_is_kept_once(client: FlaskClient, key: str, click: str):
    told = {"click": click, "kind": "purchase", "reference": "A-1", "amount": "12.5"}

    answers = [report(client, key, told).status_code for _time in range(2)]

    assert answers == [201, 200]
    row = db.session.scalars(select(Conversion)).one()
    assert (row.kind, row.reference, str(row.amount)) == ("purchase", "A-1", "12.5000")


def test_what_is_not_signed_or_cannot_be_read_is_refused_and_not_kept(
    app: object, client: FlaskClient, key: str, click: str
):
    wrong = [
        (report(client, "another key", {"click": click}), 401, ""),
        (client.post("/l/conversions", json={"click": click}), 401, ""),
        (report(client, key, ["click"]), 422, ""),
        (report(client, key, {"click": f"{click}x"}), 422, "click"),
        (report(client, key, {"click": click, "amount": "many"}), 422, "amount"),
        (report(client, key, {"click": click, "amount": "NaN"}), 422, "amount"),
        (report(client, key, {"click": click, "kind": "k" * 300}), 422, "kind"),
        (report(client, key, {"click": click, "currency": "ß" * 200}), 422, "currency"),
        (signed(client, key, b"[" * 9_000), 422, ""),
    ]

    assert [answer.status_code for answer, _status, _field in wrong] == [row[1] for row in wrong]
    assert [next(iter(answer.json["fields"]), "") for answer, *_more in wrong] == [
        field for _answer, _status, field in wrong
    ]
    assert db.session.scalars(select(Conversion)).all() == []
