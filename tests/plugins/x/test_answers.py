"""Answers of X as its description allows them and its servers give them: none is misread."""

from datetime import timedelta
from typing import Any

import pytest

from channels import (
    Attempt,
    ChannelError,
    ErrorKind,
    NotSent,
    Operation,
    Person,
    Sent,
)
from channels.testing import Answer, FakeContext, FakeWire
from channels.testing.calls import outgoing
from channels.testing.context import NOON
from plugins.x.channel import XChannel

X = XChannel()
ANNA = {"id": "2001", "username": "anna", "name": "Anna"}
ME = {"id": "1001", "username": "ateliernord", "name": "Atelier Nord"}
AT = "2026-11-23T11:30:00.000Z"
POST = {"id": "3001", "text": "Spring", "created_at": AT}
MESSAGE = {
    "id": "4001",
    "event_type": "MessageCreate",
    "sender_id": "2001",
    "text": "Hello",
    "created_at": AT,
    "dm_conversation_id": "1001-2001",
}


@pytest.fixture
def wire(app, monkeypatch: pytest.MonkeyPatch) -> FakeWire:
    wire = FakeWire()
    wire.install(monkeypatch)
    with app.app_context():
        yield wire


def find(context: FakeContext, text: str, person: Person | None = None) -> Any:
    """Ask what became of a call of an hour ago."""
    operation = Operation.DIRECT if person else Operation.POST
    started = NOON - timedelta(hours=1)
    attempt = Attempt(operation=operation, text=text, started_at=started, person=person)
    return X.reconciliation.find_sent(context, attempt)


def refused(call: Any) -> ChannelError:
    """Return the error of a call."""
    with pytest.raises(ChannelError) as raised:
        call()
    return raised.value


def wrong(parameter: str) -> Answer:
    """A 400 as X gives it: what is wrong stands in the list, `detail` is of all such answers."""
    body = {
        "errors": [
            {
                "parameters": {parameter: ["created_at"]},
                "message": f"The query parameter [{parameter}] is not one of [id,max_results]",
            }
        ],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": "https://api.x.com/2/problems/invalid-request",
    }
    return Answer(status=400, json=body)


def test_a_list_without_meta_is_the_last_page(wire: FakeWire):
    wire.expect(Answer(json={"data": [ANNA]}), Answer(json={"data": [MESSAGE]}))

    followers = X.audience.read(FakeContext(), None)
    inbox = X.inbox.read(FakeContext(), None)

    assert ([item.handle for item in followers.people], followers.next_cursor) == (["anna"], None)
    assert ([item.text for item in inbox.messages], inbox.next_cursor) == (["Hello"], None)


@pytest.mark.parametrize("person", [None, Person(remote_id="2001", handle="anna", name="Anna")])
def test_an_unknown_outcome_is_settled_by_a_list_without_meta(wire: FakeWire, person):
    row = {**MESSAGE, "sender_id": "1001"} if person else POST
    wire.expect(*[Answer(json={"data": [row]})] * 2)

    assert find(FakeContext(), row["text"], person) == Sent(
        remote_id=row["id"], url=None if person else f"https://x.com/ateliernord/status/{row['id']}"
    )
    assert find(FakeContext(), "Another text", person) == NotSent()


@pytest.mark.parametrize("body", [{}, {"meta": {"result_count": 3}}, {"meta": {}}, {"data": {}}])
def test_a_list_that_may_have_been_cut_proves_nothing(wire: FakeWire, body: dict):
    wire.expect(*[Answer(json=body)] * 3)

    for call in (
        lambda: X.audience.read(FakeContext(), None),
        lambda: X.inbox.read(FakeContext(), None),
        lambda: find(FakeContext(), "Hello"),
    ):
        assert refused(call).message.startswith("X answered something unexpected")


NEEDED = [
    ("audience", {"data": [{"username": "anna"}]}, "“id”"),
    ("audience", {"data": [ANNA], "meta": {"next_token": 7}}, "“meta.next_token”"),
    ("audience", {"data": "none"}, "“data”"),
    ("audience", "<html>", "a page instead of JSON"),
    ("inbox", {"data": [{**MESSAGE, "created_at": None}]}, "“created_at”"),
    ("inbox", {"data": [{**MESSAGE, "created_at": "soon"}]}, "“created_at”"),
    ("inbox", {"data": [{**MESSAGE, "sender_id": ""}]}, "“sender_id”"),
    ("connect", {"data": {"id": "1001"}}, "“data.username”"),
    ("connect", {}, "“data”"),
]


@pytest.mark.parametrize(("part", "body", "named"), NEEDED)
def test_an_answer_of_another_shape_names_the_member(wire: FakeWire, part: str, body, named: str):
    wire.expect(Answer(text=body) if isinstance(body, str) else Answer(json=body))
    calls = {
        "audience": lambda: X.audience.read(FakeContext(), None),
        "inbox": lambda: X.inbox.read(FakeContext(), None),
        "connect": lambda: X.connection.connect(FakeContext(remote_id=None)),
    }

    fault = refused(calls[part])

    assert fault.message.startswith("X answered something unexpected")
    assert named in fault.message
    assert fault.kind is ErrorKind.TEMPORARY


def test_an_odd_answer_to_a_message_is_unknown_and_names_the_member(wire: FakeWire):
    wire.expect(Answer(status=201, json={"data": {"dm_event_id": None}}))
    person = Person(remote_id="2001", handle="anna", name="Anna")

    fault = refused(lambda: X.directs.send(FakeContext(), person, outgoing("a")))

    assert fault.kind is ErrorKind.UNKNOWN
    assert "“data.dm_event_id”" in fault.message


def test_what_x_leaves_out_or_says_oddly_of_a_person_is_unknown(wire: FakeWire):
    odd = {
        "id": "2002",
        "public_metrics": {"followers_count": "many"},
        "verified": "blue",
        "profile_image_url": 7,
        "receives_your_dm": None,
    }
    wire.expect(Answer(json={"data": [{"id": "2001"}, odd]}))

    for person in X.audience.read(FakeContext(), None).people:
        assert (person.handle, person.name) == (person.remote_id, "")
        assert person.follower_count is person.verified is person.protected is None
        assert person.accepts_messages is person.avatar_url is None


def test_messages_are_read_without_their_senders_and_with_odd_entities(wire: FakeWire):
    odd = {**MESSAGE, "entities": {"urls": [None, {"url": "https://t.co/a"}]}}
    joined = {"id": "4000", "event_type": "ParticipantsJoin", "created_at": AT}
    found = {"data": [odd, joined], "includes": {"users": [{"name": "Nobody"}, None]}}
    wire.expect(Answer(json=found))

    page = X.inbox.read(FakeContext(), None)

    assert [(item.text, item.person.handle) for item in page.messages] == [("Hello", "2001")]
    assert len(page.besides) == 1


def test_the_reason_in_the_list_of_errors_is_shown(wire: FakeWire):
    wire.expect(wrong("max_results"))

    fault = refused(lambda: X.audience.read(FakeContext(), None))

    reason = "The query parameter [max_results] is not one of [id,max_results]"
    assert (fault.kind, fault.code, fault.said) == (ErrorKind.PERMANENT, "refused", reason)
    assert fault.message == f"X refuses this request: {reason}."


def test_posts_are_asked_for_by_the_new_name_where_x_refuses_the_old(wire: FakeWire):
    context = FakeContext()
    wire.expect(wrong("tweet.fields"), *[Answer(json={"data": [POST]})] * 2)

    found = find(context, "Spring")
    again = find(context, "Spring")

    asked = [sorted({"tweet.fields", "post.fields"} & {*item.query}) for item in wire.exchanges]
    assert found == again == Sent(remote_id="3001", url="https://x.com/ateliernord/status/3001")
    assert asked == [["tweet.fields"], ["post.fields"], ["post.fields"]]


def test_posts_are_asked_for_by_the_old_name_once_x_refuses_the_new(wire: FakeWire):
    context = FakeContext(state={"post_fields": "post.fields"})
    wire.expect(wrong("post.fields"), Answer(json={"data": [POST]}))

    assert isinstance(find(context, "Spring"), Sent)
    assert context.state == {"post_fields": "tweet.fields"}


def test_posts_without_a_time_were_asked_for_by_a_name_x_passes_over(wire: FakeWire):
    bare = {"id": "3001", "text": "Spring"}
    wire.expect(Answer(json={"data": [bare]}), Answer(json={"data": [POST]}))

    assert isinstance(find(FakeContext(), "Spring"), Sent)


def test_another_refusal_is_no_question_of_names(wire: FakeWire):
    wire.expect(wrong("start_time"))

    assert "start_time" in refused(lambda: find(FakeContext(), "Spring")).message
    assert len(wire.exchanges) == 1


@pytest.mark.parametrize("old", [True, False])
def test_an_account_and_its_posts_are_read_under_either_name(wire: FakeWire, *, old: bool):
    names = ("tweet_count", "retweet_count") if old else ("post_count", "repost_count")
    account = {**ME, "public_metrics": {"followers_count": 2, names[0]: 7}}
    post = {**POST, "public_metrics": {names[1]: 5}}
    wire.expect(Answer(json={"data": account}), Answer(json={"data": [post]}))

    found = X.connection.connect(FakeContext())

    assert found.post_count == 7
    assert [item.figures["reposts"] for item in found.posts] == [5]


MISSING = {
    "404": Answer(status=404, json={"title": "Not Found", "type": "about:blank"}),
    "200": Answer(json={"errors": [{"title": "Not Found Error", "detail": "Could not find user"}]}),
}


@pytest.mark.parametrize("answer", MISSING)
def test_a_handle_that_nobody_has_is_a_wrong_internal_name(wire: FakeWire, answer: str):
    wire.expect(Answer(json={"data": ME}), MISSING[answer])
    context = FakeContext(handle="atelier_nrod", remote_id=None)

    fault = refused(lambda: X.connection.connect(context))

    assert fault.message.startswith("There is no account @atelier_nrod on X. Correct the handle")
    assert fault.code == "no_handle"


def test_a_reset_that_lies_ages_ahead_is_reported_within_its_window(wire: FakeWire):
    far = {f"x-rate-limit-{name}": value for name, value in
           (("limit", "300"), ("remaining", "0"), ("reset", "4102444800"))}  # fmt: skip
    wire.expect(Answer(json={"data": [ANNA]}, headers=far))
    context = FakeContext()

    X.audience.read(context, None)

    assert [item.resets_at for item in context.observed] == [NOON + timedelta(minutes=15)]
