"""The sandbox shows each odd answer of X on demand, and the plugin understands it."""

from datetime import timedelta

import pytest

from channels import (
    Attempt,
    ChannelError,
    ErrorKind,
    Operation,
    Person,
    Sent,
)
from channels.testing.calls import outgoing
from plugins.x.channel import XChannel
from tests.plugins.x.sandbox.lent import Lent
from tests.plugins.x.sandbox.running import Caller, RunningSandbox

X = XChannel()
FAR = 4_102_444_800
ODD = [
    {"kind": "status_after", "status": 500},
    {"kind": "status_after", "status": 503},
    {"kind": "status_after", "status": 599},
    {"kind": "status_after", "status": 503, "headers": {"Retry-After": "60"}, "body": {}},
    {"kind": "status_after", "status": 408},
    {"kind": "status_after", "status": 303, "headers": {"Location": "/2/users/me"}},
    {"kind": "status_after", "status": 200, "body": "<html>Log in to this network</html>"},
    {"kind": "status_after", "status": 201, "body": {"data": {"id": None, "dm_event_id": None}}},
    {"kind": "status_after", "status": 204, "body": ""},
    {"kind": "without", "members": ["data"]},
    {"kind": "drop_after"},
    {"kind": "cut_after"},
]


@pytest.fixture
def lent(app, sandbox: RunningSandbox) -> Lent:
    with app.app_context():
        yield Lent(sandbox)


def refused(call) -> ChannelError:
    """Return the error of a call."""
    with pytest.raises(ChannelError) as raised:
        call()
    return raised.value


@pytest.mark.parametrize("fault", ODD, ids=lambda item: f"{item['kind']}-{item.get('status', '')}")
@pytest.mark.parametrize("is_direct", [True, False])
def test_what_x_took_and_answered_oddly_is_unknown_and_found(
    lent: Lent, sandbox: RunningSandbox, fault: dict, *, is_direct: bool
):
    someone = sandbox.someone("accepts")
    person = Person(remote_id=someone, handle=someone, name=someone) if is_direct else None
    operation = Operation.DIRECT if is_direct else Operation.POST
    tried = Attempt(operation=operation, text="Hello", person=person, started_at=lent.now())
    sandbox.tell("faults", operation=operation.name, **fault)

    def write() -> Sent:
        if person:
            return X.directs.send(lent, person, outgoing("Hello"))
        return X.posts.publish(lent, outgoing("Hello"))

    assert refused(write).kind is ErrorKind.UNKNOWN
    sandbox.advance(minutes=6)
    assert isinstance(X.reconciliation.find_sent(lent, tried), Sent)
    assert sandbox.accepted(operation.name) == 1


def test_lists_may_come_without_meta(lent: Lent, sandbox: RunningSandbox):
    for operation in ("followers", "inbox"):
        sandbox.tell("faults", kind="without", operation=operation, members=["meta"])

    people, inbox = X.audience.read(lent, None), X.inbox.read(lent, None)

    assert people.people
    assert inbox.messages
    assert people.next_cursor is inbox.next_cursor is None


def test_a_member_that_is_missing_is_named(lent: Lent, sandbox: RunningSandbox):
    sandbox.tell("faults", kind="without", operation="followers", members=["data.id", "meta"])

    assert "“id”" in refused(lambda: X.audience.read(lent, None)).message


def test_a_reason_in_the_list_of_errors_is_shown(lent: Lent, sandbox: RunningSandbox):
    body = {"errors": [{"message": "Too early for that."}], "detail": "One or more parameters"}
    sandbox.tell("faults", kind="status", operation="followers", status=400, body=body)

    fault = refused(lambda: X.audience.read(lent, None))

    assert fault.message == "X refuses this request: Too early for that."


@pytest.mark.parametrize(
    ("remaining", "ahead", "minutes"), [(14, 180, 3), (0, 180, 3), (0, FAR, 15)]
)
def test_a_429_is_believed_within_its_window(
    lent: Lent, sandbox: RunningSandbox, remaining: int, ahead: int, minutes: int
):
    at = ahead if ahead == FAR else int(lent.now().timestamp()) + ahead
    headers = {"x-rate-limit-remaining": str(remaining), "x-rate-limit-reset": str(at)}
    sandbox.tell("faults", kind="limited", operation="followers", headers=headers)

    fault = refused(lambda: X.audience.read(lent, None))

    assert fault.retry_at == lent.now() + timedelta(minutes=minutes)


@pytest.mark.parametrize("quiet", [True, False])
@pytest.mark.parametrize("names", ["old", "new", "both"])
def test_posts_are_read_under_whichever_names_x_knows(
    lent: Lent, sandbox: RunningSandbox, names: str, *, quiet: bool
):
    sandbox.tell("names", posts=names, quiet=quiet)

    account = X.connection.connect(lent)
    tried = Attempt(operation=Operation.POST, text="Hello", started_at=lent.now())
    sent = X.posts.publish(lent, outgoing("Hello"))

    assert account.post_count
    assert [post.figures["reposts"] for post in account.posts]
    assert X.reconciliation.find_sent(lent, tried) == sent


def test_a_name_that_is_not_known_is_refused_by_its_name(sandbox: RunningSandbox, brand: Caller):
    sandbox.tell("names", posts="new")

    answer = brand.get("/2/tweets", params={"ids": "12", "tweet.fields": "text"})

    assert answer.status_code == 400
    assert list(answer.json()["errors"][0]["parameters"]) == ["tweet.fields"]


@pytest.mark.parametrize(
    "answer",
    [{"status": 404, "body": {"title": "Not Found"}}, {"status": 200, "body": {"errors": [{}]}}],
)
def test_a_handle_that_nobody_has_is_a_wrong_internal_name(
    lent: Lent, sandbox: RunningSandbox, answer: dict
):
    lent.handle, lent.remote_id = "atelier_nrod", None
    sandbox.tell("faults", kind="status", operation="user_by_name", **answer)

    assert "Correct the handle" in refused(lambda: X.connection.connect(lent)).message


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"status": 99}, "status is a number from 200 to 599."),
        ({"status": "503"}, "status is a number from 200 to 599."),
        ({"headers": "none"}, "headers is an object of texts."),
        ({"members": "meta"}, "members is a list of texts."),
    ],
)
def test_an_order_for_an_answer_that_cannot_be_given_is_refused(
    sandbox: RunningSandbox, brand: Caller, wrong: dict, said: str
):
    answer = brand.post("/sandbox/faults", json={"kind": "status", **wrong})

    assert (answer.status_code, answer.json()["error"]) == (400, said)
