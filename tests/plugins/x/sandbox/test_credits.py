from decimal import Decimal

import pytest

from tests.plugins.x.sandbox.running import IDS, Caller, RunningSandbox

FOLLOWERS = f"/2/users/{IDS['ateliernord']}/followers"


def spent(sandbox: RunningSandbox) -> Decimal:
    return Decimal(sandbox.ask("stats")["spent"])


def test_an_empty_wallet_is_said_so(sandbox: RunningSandbox, brand: Caller):
    sandbox.tell("credits", balance="0")

    answer = brand.publish("Good morning")

    assert answer.status_code == 402
    assert answer.json()["title"] == "CreditsDepleted"
    assert answer.json()["type"].endswith("/problems/credits")
    assert sandbox.accepted("post") == 0


def test_a_filled_wallet_goes_on(sandbox: RunningSandbox, brand: Caller):
    sandbox.tell("credits", balance="0.014")
    refused = brand.publish("Good morning").status_code

    sandbox.tell("credits", balance="0.015")

    assert (refused, brand.publish("Good morning").status_code) == (402, 201)
    assert Decimal(sandbox.ask("stats")["balance"]) == 0


@pytest.mark.parametrize(
    ("text", "price"), [("Good morning", "0.015"), ("See https://ateliernord.example.com", "0.200")]
)
def test_a_post_with_a_link_costs_more(
    sandbox: RunningSandbox, brand: Caller, text: str, price: str
):
    brand.publish(text)

    assert spent(sandbox) == Decimal(price)


def test_followers_are_cheap_for_the_owner_of_the_app(
    sandbox: RunningSandbox, brand: Caller, shop: Caller
):
    brand.get(FOLLOWERS, params={"max_results": 100})
    own = spent(sandbox)
    count = shop.get(FOLLOWERS, params={"max_results": 100}).json()["meta"]["result_count"]

    assert own == Decimal("0.001") * count
    assert spent(sandbox) - own == Decimal("0.010") * count


def test_a_message_costs_and_a_refused_one_does_not(sandbox: RunningSandbox, brand: Caller):
    brand.write_to(sandbox.someone("refuses"))
    brand.write_to(sandbox.someone("accepts"))

    assert spent(sandbox) == Decimal("0.015")


def test_reading_costs_by_what_is_returned(sandbox: RunningSandbox, brand: Caller):
    brand.get("/2/dm_events", params={"max_results": 10})
    brand.get("/2/users/me")

    assert spent(sandbox) == Decimal("0.110")


def test_a_page_that_cannot_be_paid_is_not_given(sandbox: RunningSandbox, brand: Caller):
    sandbox.tell("credits", balance="0.150")

    statuses = [brand.get(FOLLOWERS, params={"max_results": n}).status_code for n in (100, 100)]

    assert statuses == [200, 402]
