"""What the sandbox answers is what X's own description says; see conformance.py."""

from collections.abc import Callable

import pytest
import requests

from tests.plugins.x.sandbox.conformance import answer_fault, request_fault
from tests.plugins.x.sandbox.running import IDS, Caller, RunningSandbox

BRAND, PROOF = IDS["ateliernord"], IDS["atelier_proof"]
USER_FIELDS = (
    "connection_status,created_at,description,id,name,profile_image_url,protected,"
    "public_metrics,receives_your_dm,username,verified,verified_type"
)
POST_FIELDS = (
    "conversation_id,created_at,entities,id,lang,public_metrics,reply_settings,source,text"
)
EVENT_FIELDS = "created_at,dm_conversation_id,entities,event_type,id,text"
OF_USERS = f"user.fields={USER_FIELDS}"
OF_POSTS = f"post.fields={POST_FIELDS}&expansions=author_id,referenced_posts&{OF_USERS}"
OF_EVENTS = f"dm_event.fields={EVENT_FIELDS}&expansions=sender_id&event_types=MessageCreate"

READS = [
    f"/2/users/me?{OF_USERS}",
    f"/2/users/{BRAND}?{OF_USERS}",
    f"/2/users/by/username/ateliernord?{OF_USERS}",
    "/2/users/by/username/nobody_at_all",
    f"/2/users?ids={BRAND},12&{OF_USERS}",
    f"/2/users/by?usernames=ateliernord,nobody_at_all&{OF_USERS}",
    f"/2/users/{BRAND}/followers?max_results=200&{OF_USERS}",
    f"/2/users/{BRAND}/tweets?max_results=5&{OF_POSTS}",
    f"/2/users/{PROOF}/tweets",
    f"/2/tweets?ids=12&{OF_POSTS}",
    f"/2/dm_events?max_results=20&{OF_EVENTS}",
    f"/2/dm_conversations/with/{PROOF}/dm_events?{OF_EVENTS}",
]


@pytest.mark.parametrize("path", READS)
def test_a_read_is_as_described(brand: Caller, path: str):
    answer = brand.get(path)

    assert answer.status_code == 200
    assert request_fault(answer) == ""
    assert answer_fault(answer) == ""


def test_a_timeline_with_a_thread_and_a_link_is_as_described(brand: Caller):
    first = brand.publish("See https://ateliernord.example.com").json()["data"]["id"]
    reply = {"in_reply_to_tweet_id": first}

    written = [brand.publish("And more", reply=reply), brand.delete(f"/2/tweets/{first}")]
    read = brand.get(f"/2/users/{BRAND}/tweets?{OF_POSTS}")

    assert [request_fault(answer) for answer in (*written, read)] == ["", "", ""]
    assert [answer_fault(answer) for answer in (*written, read)] == ["", "", ""]


def test_a_message_is_as_described(sandbox: RunningSandbox, brand: Caller):
    person = sandbox.someone("accepts")

    sent = brand.write_to(person, "See https://ateliernord.example.com")
    read = brand.get(f"/2/dm_conversations/with/{person}/dm_events?{OF_EVENTS}")

    assert [request_fault(sent), answer_fault(sent)] == ["", ""]
    assert [request_fault(read), answer_fault(read)] == ["", ""]


@pytest.mark.parametrize(
    "ask",
    [
        lambda brand: brand.publish("a" * 281),
        lambda brand: brand.write_to("12"),
        lambda brand: brand.write_to(BRAND),
        lambda brand: brand.get("/2/users/me?user.fields=shoe_size"),
    ],
)
def test_a_problem_x_describes_is_as_described(
    brand: Caller, ask: Callable[[Caller], requests.Response]
):
    answer = ask(brand)

    assert answer.status_code in (400, 404)
    assert answer_fault(answer) == ""


# X itself answers these with types its description does not list; they are as clients report them.
UNLISTED = [
    (401, "about:blank", {"path": "token", "account": "ateliernord", "revoked": True}),
    (402, "https://api.x.com/2/problems/credits", {"path": "credits", "balance": "0"}),
    (403, "about:blank", {"path": "token", "account": "ateliernord", "access": "read"}),
    (429, "about:blank", {"path": "limits", "operation": "post", "user": 0}),
]


@pytest.mark.parametrize(("status", "kind", "order"), UNLISTED)
def test_a_problem_x_does_not_describe_is_as_it_is_reported(
    sandbox: RunningSandbox, brand: Caller, status: int, kind: str, order: dict
):
    sandbox.tell(**order)

    answer = brand.publish("Good morning")

    assert (answer.status_code, answer.json()["type"]) == (status, kind)
    assert f"{kind}' could not be resolved" in answer_fault(answer)
