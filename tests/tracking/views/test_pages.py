"""Pages tell how many followed a link, who they were, and let an operator choose."""

import csv
import io
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from channels.clock import FileClock
from tests.support.deliveries import begin, sent
from tests.support.factories import make_delivery, make_service, make_subscription
from tests.support.fakes import FakeNetwork
from tests.tracking.conftest import BASE, later, links_in
from webapp.deliveries import analysis, link_choices, sending
from webapp.deliveries.link_choices import LinkChoice
from webapp.deliveries.models import Delivery, Message
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

SHOP = "https://shop.example/spring"
TEXT = f"Hi, see {SHOP} or https://shop.example/plain . {{opt_out_line}}"


@pytest.fixture
def clicked(
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    follow: Callable[..., object],
    collect: Callable[[], int],
    clock: FileClock,
) -> Delivery:
    """A delivery to two people, one of whom followed a link twice, and a machine once."""
    delivery = sent(runtime, service, people=2, content=TEXT)
    later(clock)
    link = links_in(network.directs[0][1])[0]
    for browser in ({}, {}, {"browser": "Twitterbot/1.0"}):
        follow(link, **browser)
    collect()
    db.session.rollback()
    return delivery


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_page_of_a_delivery_tells_people_from_machines(admin: FlaskClient, clicked: Delivery):
    page = admin.get(f"/deliveries/{clicked.id}/clicks")

    said = words(page.text)
    assert "People who clicked 1 50.0 % of those who got it" in said
    assert "Clicks by people 2" in said
    assert "Clicks by machines 1" in said
    assert f"/deliveries/{clicked.id}/clicks" in admin.get(f"/deliveries/{clicked.id}").text


def test_every_click_is_downloaded_with_its_person(admin: FlaskClient, clicked: Delivery):
    answer = admin.get(f"/deliveries/{clicked.id}/clicks.csv")

    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [(row["Link"], row["Person or machine"], row["Rule"]) for row in rows] == [
        (SHOP, "person", ""),
        (SHOP, "person", ""),
        (SHOP, "fetcher", "named"),
    ]
    assert all(row["Username"] for row in rows)


def test_the_page_of_an_account_lists_its_deliveries(
    admin: FlaskClient, clicked: Delivery, service: Service
):
    said = words(admin.get(f"/services/{service.id}/clicks").text)

    assert "Spring direct messages 1 2 1" in said


def test_the_card_of_a_person_tells_what_they_clicked_until_they_refuse(
    admin: FlaskClient, clicked: Delivery, runtime: Runtime
):
    wanted = select(Message.visitor_id).where(Message.delivery_id == clicked.id)
    person = runtime.session.scalars(wanted.order_by(Message.id)).first()
    runtime.session.rollback()
    card = f"/audience/visitors/{person}"

    said = words(admin.get(f"{card}?show=clicks").text)
    assert "Clicked 2 times on shop.example/spring in Spring" in said
    assert admin.post(f"{card}/clicks", data={"refused": "yes"}).status_code == 303
    assert "count without telling who it was" in words(admin.get(card).text)


def test_links_have_labels_and_may_go_out_as_they_are(
    admin: FlaskClient, runtime: Runtime, service: Service, network: FakeNetwork
):
    draft = make_delivery(runtime, service, content=TEXT)
    before = draft.content_hash
    form = {"counts_clicks": "on", "name": [SHOP, "https://shop.example/plain"]}
    form |= {"label-0": "The shop", "counted-0": "on", "label-1": ""}
    runtime.session.rollback()

    answer = admin.post(f"/deliveries/{draft.id}/links", data=form)

    assert answer.status_code == 303
    runtime.session.expire_all()
    assert draft.content_hash != before
    assert [(row.label, row.counted) for row in draft.links] == [("The shop", True), ("", False)]
    runtime.session.rollback()
    assert "The shop" in admin.get(f"/deliveries/{draft.id}/compose?step=content").text
    stale = admin.post(f"/deliveries/{draft.id}/links", data=form | {"revision": "1"})
    assert stale.status_code == 422
    assert "Somebody else changed this delivery" in stale.text


def test_a_choice_holds_for_the_proof_and_for_what_goes_out(
    runtime: Runtime, service: Service, network: FakeNetwork
):
    make_subscription(runtime, service)
    draft = make_delivery(runtime, service, content=TEXT)
    chosen = {SHOP: LinkChoice(counted=False)}
    link_choices.choose(runtime, draft.id, counts_clicks=True, chosen=chosen)
    analysis.start(runtime, draft.id)
    sending.send_batch(runtime, begin(runtime, analysis.analyse(runtime, draft.id)).id)

    text = network.directs[0][1]
    assert SHOP in text
    assert "shop.example/plain" not in text
    assert len(links_in(text)) == 1


def test_what_is_wrong_in_the_settings_is_said_beside_its_field(
    admin: FlaskClient, runtime: Runtime
):
    service = make_service(runtime)
    runtime.session.rollback()
    wrong = admin.post("/settings/clicks", data={"valid_days": "0", "substitute": "shop"})
    assert wrong.status_code == 422
    assert "Between 1 and 3,650 days" in wrong.text
    assert "Write the whole address" in wrong.text
    where = f"/settings/clicks/accounts/{service.id}"
    field = f"account{service.id}-address"
    refused = admin.post(where, data={field: "https://go.shop.example/path"})
    assert refused.status_code == 422
    assert "Write the scheme and the host alone" in refused.text
    assert admin.post(where, data={field: "https://go.shop.example/"}).status_code == 303
    assert 'value="https://go.shop.example"' in admin.get("/settings/clicks").text


def test_the_links_of_an_account_begin_with_its_own_address(
    admin: FlaskClient,
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    follow: Callable[..., object],
):
    runtime.session.rollback()
    data = {f"account{service.id}-address": "https://go.shop.example"}
    admin.post(f"/settings/clicks/accounts/{service.id}", data=data)
    sent(runtime, service, people=1, content=TEXT)

    text = network.directs[0][1]
    link = re.search(r"https://go\.shop\.example/l/\S+", text)
    assert link
    assert BASE not in text
    assert follow(urlsplit(link[0]).path).status_code == 302
