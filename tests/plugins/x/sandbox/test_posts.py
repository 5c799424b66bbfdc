import pytest

from plugins.x.sandbox.texts import weighted_length
from tests.plugins.x.sandbox.running import IDS, Caller, RunningSandbox

TIMELINE = f"/2/users/{IDS['ateliernord']}/tweets"


def test_a_post_is_accepted_once_and_read_back(sandbox: RunningSandbox, brand: Caller):
    created = brand.publish("Good morning")
    identifier = created.json()["data"]["id"]

    found = brand.get(f"/2/tweets/{identifier}").json()["data"]

    assert created.status_code == 201
    assert found == {
        "id": identifier,
        "text": "Good morning",
        "edit_history_post_ids": [identifier],
    }
    assert sandbox.accepted("post", remote_id=identifier, text="Good morning") == 1


def test_the_same_text_is_refused_on_the_same_account(
    sandbox: RunningSandbox, brand: Caller, proof: Caller
):
    first, second = brand.publish("Good morning"), brand.publish(" Good morning\n")

    assert first.status_code == 201
    assert second.status_code == 403
    assert second.json() == {
        "detail": "You are not allowed to create a Tweet with duplicate content.",
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
    }
    assert proof.publish("Good morning").status_code == 201
    assert sandbox.accepted("post") == 2


def test_two_hundred_and_eighty_weighted_characters_fit(brand: Caller):
    assert brand.publish("a" * 280).status_code == 201
    assert brand.publish("b" * 281).status_code == 400
    assert brand.publish("漢" * 140).status_code == 201
    assert brand.publish("字" * 141).status_code == 400


def test_a_link_counts_twenty_three(brand: Caller):
    text = "a" * 256 + " https://ateliernord.example.com/" + "b" * 200

    assert weighted_length(text) == 280
    assert brand.publish(text).status_code == 201


@pytest.mark.parametrize(
    "body", [{}, {"text": " "}, {"text": 7}, {"text": "a", "colour": "red"}, []]
)
def test_a_body_x_does_not_take_is_refused(brand: Caller, body):
    answer = brand.post("/2/tweets", json=body)

    assert answer.status_code == 400
    assert answer.json()["type"] == "https://api.x.com/2/problems/invalid-request"


def test_media_does_not_exist_here(brand: Caller):
    assert brand.publish("Look", media={"media_ids": ["1"]}).status_code == 400


def test_a_second_cashtag_is_refused(brand: Caller):
    assert brand.publish("Look at $ONE").status_code == 201
    assert brand.publish("Look at $ONE and $TWO").status_code == 403
    assert brand.publish("It costs $5 or $10").status_code == 201


def test_links_come_back_short_with_where_they_lead(brand: Caller):
    identifier = brand.publish("New: https://ateliernord.example.com/lykt now").json()["data"]["id"]

    found = brand.get(f"/2/tweets/{identifier}", params={"post.fields": "entities"}).json()["data"]
    link = found["entities"]["urls"][0]

    assert link["expanded_url"] == "https://ateliernord.example.com/lykt"
    assert found["text"] == f"New: {link['url']} now"
    assert len(link["url"]) == 23
    assert found["text"][link["start"] : link["end"]] == link["url"]


def test_text_comes_back_with_the_entities_x_writes(brand: Caller):
    answer = brand.publish("Salt & pepper <3")

    assert answer.json()["data"]["text"] == "Salt &amp; pepper &lt;3"


def test_a_thread_hangs_together(brand: Caller):
    first = brand.publish("One").json()["data"]["id"]
    second = brand.publish("Two", reply={"in_reply_to_tweet_id": first}).json()["data"]["id"]
    fields = "conversation_id,referenced_posts,in_reply_to_user_id"

    found = brand.get(f"/2/tweets/{second}", params={"tweet.fields": fields}).json()["data"]

    assert found["conversation_id"] == first
    assert found["referenced_posts"] == [{"type": "replied_to", "id": first}]
    assert found["in_reply_to_user_id"] == IDS["ateliernord"]


def test_a_reply_needs_to_be_asked_for(brand: Caller, sandbox: RunningSandbox):
    sandbox.tell("token", account="atelier_shop", access="read-write")
    shop = sandbox.caller("atelier_shop")
    quiet = shop.publish("New in the shop").json()["data"]["id"]
    asking = shop.publish("What do you say, @ateliernord?").json()["data"]["id"]

    refused = brand.publish("Nice", reply={"in_reply_to_tweet_id": quiet})
    taken = brand.publish("Very nice", reply={"in_reply_to_tweet_id": asking})

    assert refused.status_code == 403
    assert refused.json()["detail"].startswith("Reply to this conversation is not allowed")
    assert taken.status_code == 201


def test_a_reply_to_nothing_is_refused(brand: Caller):
    assert brand.publish("Yes", reply={"in_reply_to_tweet_id": "12"}).status_code == 403


def test_a_post_taken_back_is_gone_and_may_be_said_again(sandbox: RunningSandbox, brand: Caller):
    identifier = brand.publish("Good morning").json()["data"]["id"]

    first, second = brand.delete(f"/2/tweets/{identifier}"), brand.delete(f"/2/tweets/{identifier}")

    assert first.json() == second.json() == {"data": {"deleted": True}}
    assert sandbox.accepted("delete") == 1
    assert "errors" in brand.get(f"/2/tweets/{identifier}").json()
    assert brand.publish("Good morning").status_code == 201


def test_nobody_takes_back_what_another_said(brand: Caller, proof: Caller):
    identifier = brand.publish("Good morning").json()["data"]["id"]

    assert proof.delete(f"/2/tweets/{identifier}").status_code == 403


def test_a_timeline_is_read_page_by_page_newest_first(brand: Caller):
    identifiers = [brand.publish(f"Post {number}").json()["data"]["id"] for number in range(5)]

    pages = list(brand.pages(TIMELINE, max_results=5))

    assert [post["id"] for post in pages[0]["data"]] == identifiers[::-1]
    assert pages[0]["meta"]["newest_id"] == identifiers[-1]
    assert sum(page["meta"]["result_count"] for page in pages) == 12


def test_a_timeline_may_begin_after_a_post_or_a_time(sandbox: RunningSandbox, brand: Caller):
    first = brand.publish("One").json()["data"]["id"]
    sandbox.advance(hours=1)
    second = brand.publish("Two", reply={"in_reply_to_tweet_id": first}).json()["data"]["id"]

    since = brand.get(TIMELINE, params={"since_id": first}).json()["data"]
    started = brand.get(TIMELINE, params={"start_time": "2026-11-23T12:30:00Z"}).json()["data"]
    ended = brand.get(TIMELINE, params={"end_time": "2026-11-23T12:30:00Z"}).json()["data"]
    alone = brand.get(TIMELINE, params={"exclude": "replies", "since_id": first}).json()

    assert [post["id"] for post in since] == [post["id"] for post in started] == [second]
    assert ended[0]["id"] == first
    assert alone == {"meta": {"result_count": 0}}


def test_a_protected_timeline_is_for_approved_followers(brand: Caller, shop: Caller, proof: Caller):
    identifier = proof.publish("Between us").json()["data"]["id"]
    path = f"/2/users/{IDS['atelier_proof']}/tweets"

    assert brand.get(path).json()["data"][0]["id"] == identifier
    assert "not-authorized-for-resource" in shop.get(path).json()["errors"][0]["type"]
    assert "data" not in shop.get("/2/tweets", params={"ids": identifier}).json()


def test_several_posts_are_read_with_their_figures(sandbox: RunningSandbox, brand: Caller):
    identifier = brand.publish("Good morning").json()["data"]["id"]
    sandbox.advance(days=2)
    params = {"ids": f"{identifier},12", "post.fields": "public_metrics", "expansions": "author_id"}

    answer = brand.get("/2/tweets", params=params).json()

    assert answer["data"][0]["public_metrics"]["impression_count"] > 0
    assert answer["includes"]["users"][0]["username"] == "ateliernord"
    assert answer["errors"][0]["value"] == "12"
