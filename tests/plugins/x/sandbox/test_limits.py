import pytest

from plugins.x.sandbox.limits import DECLARED, Operation
from tests.plugins.x.sandbox.running import IDS, NOON, Caller, RunningSandbox

REQUESTS = {
    Operation.ME: "/2/users/me",
    Operation.USER: f"/2/users/{IDS['ateliernord']}",
    Operation.USER_BY_NAME: "/2/users/by/username/ateliernord",
    Operation.USERS: f"/2/users?ids={IDS['ateliernord']}",
    Operation.USERS_BY_NAME: "/2/users/by?usernames=ateliernord",
    Operation.FOLLOWERS: f"/2/users/{IDS['ateliernord']}/followers",
    Operation.TIMELINE: f"/2/users/{IDS['ateliernord']}/tweets",
    Operation.LOOKUP: "/2/tweets?ids=1",
    Operation.LOOKUP_ONE: "/2/tweets/1",
    Operation.INBOX: "/2/dm_events",
    Operation.CONVERSATION: "/2/dm_conversations/with/1/dm_events",
}


@pytest.mark.parametrize("operation", REQUESTS, ids=str)
def test_each_read_has_a_window_of_its_own(
    sandbox: RunningSandbox, brand: Caller, operation: Operation
):
    sandbox.tell("limits", operation=operation, user=1)

    first, second = brand.get(REQUESTS[operation]), brand.get(REQUESTS[operation])

    assert (first.status_code, second.status_code) == (200, 429)
    assert first.headers["x-rate-limit-limit"] == "1"
    assert second.json()["title"] == "Too Many Requests"


def test_an_answer_tells_the_window(brand: Caller):
    headers = brand.get("/2/users/me").headers

    assert headers["x-rate-limit-limit"] == str(DECLARED[Operation.ME].user)
    assert headers["x-rate-limit-remaining"] == str(DECLARED[Operation.ME].user - 1)
    assert headers["x-rate-limit-reset"] == str(int(NOON.timestamp()) + 900)


def test_fifteen_messages_go_in_fifteen_minutes(sandbox: RunningSandbox, brand: Caller):
    person = sandbox.someone("accepts")

    statuses = [brand.write_to(person, f"Hello {number}").status_code for number in range(16)]

    assert statuses == [201] * 15 + [429]
    assert sandbox.accepted("direct") == 15
    assert sandbox.ask("stats")["limited"] == 1


def test_a_window_opens_again_when_its_time_has_come(sandbox: RunningSandbox, brand: Caller):
    sandbox.tell("limits", operation="me", user=1)
    brand.get("/2/users/me")

    sandbox.advance(seconds=899)
    before = brand.get("/2/users/me").status_code
    sandbox.advance(seconds=1)

    assert (before, brand.get("/2/users/me").status_code) == (429, 200)


def test_a_refused_message_counts_as_well(sandbox: RunningSandbox, brand: Caller):
    refused = brand.write_to(sandbox.someone("refuses"))

    assert refused.status_code == 403
    assert refused.headers["x-rate-limit-remaining"] == "14"


def test_a_day_of_messages_ends_for_the_account(sandbox: RunningSandbox, brand: Caller):
    sandbox.tell("limits", operation="direct", user_day=2)
    person = sandbox.someone("accepts")

    answers = [brand.write_to(person, f"Hello {number}") for number in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[2].headers["x-user-limit-24hour-limit"] == "2"
    assert answers[2].headers["x-user-limit-24hour-remaining"] == "0"
    assert answers[2].headers["x-user-limit-24hour-reset"] == str(int(NOON.timestamp()) + 86_400)
    assert answers[2].headers["x-rate-limit-remaining"] == "13"


def test_accounts_of_one_app_share_the_apps_day(
    sandbox: RunningSandbox, brand: Caller, proof: Caller
):
    sandbox.tell("limits", operation="direct", app_day=1)
    person = sandbox.someone("accepts")

    statuses = [brand.write_to(person).status_code, proof.write_to(person).status_code]
    sandbox.advance(days=1)

    assert [*statuses, proof.write_to(person).status_code] == [201, 429, 201]


def test_posts_have_a_day_of_the_app(sandbox: RunningSandbox, brand: Caller):
    sandbox.tell("limits", operation="post", app_day=1)

    first, second = brand.publish("One"), brand.publish("Two")

    assert (first.status_code, second.status_code) == (201, 429)
    assert second.headers["x-app-limit-24hour-remaining"] == "0"
    assert sandbox.accepted("post") == 1


def test_an_app_may_have_a_window_of_fifteen_minutes(
    sandbox: RunningSandbox, brand: Caller, shop: Caller
):
    sandbox.tell("limits", operation="me", app=1)

    assert [brand.get("/2/users/me").status_code, shop.get("/2/users/me").status_code] == [200, 429]


def test_accounts_do_not_spend_each_others_windows(
    sandbox: RunningSandbox, brand: Caller, shop: Caller
):
    sandbox.tell("limits", operation="me", user=1)

    assert [brand.get("/2/users/me").status_code, shop.get("/2/users/me").status_code] == [200, 200]
