"""The helper for HTTP decides what each answer and each lost call means."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from channels import Attempt, ChannelError, ErrorKind, Operation
from channels.http import TIMEOUT, Network, NetworkError, body_of, retry_after, text_of
from channels.testing import Answer, FakeContext, FakeWire, Fault
from channels.testing.context import NOON

STATUSES = [
    (302, "GET", ErrorKind.PERMANENT, "refused"),
    (302, "POST", ErrorKind.UNKNOWN, "no_answer"),
    (303, "POST", ErrorKind.UNKNOWN, "no_answer"),
    (400, "POST", ErrorKind.PERMANENT, "refused"),
    (401, "GET", ErrorKind.SENDER, "bad_token"),
    (402, "POST", ErrorKind.SENDER, "no_credits"),
    (403, "POST", ErrorKind.SENDER, "no_permission"),
    (404, "GET", ErrorKind.PERMANENT, "not_found"),
    (408, "POST", ErrorKind.UNKNOWN, "no_answer"),
    (408, "GET", ErrorKind.TEMPORARY, "stumbled"),
    (409, "POST", ErrorKind.UNKNOWN, "no_answer"),
    (409, "GET", ErrorKind.PERMANENT, "refused"),
    (422, "POST", ErrorKind.PERMANENT, "refused"),
    (429, "POST", ErrorKind.LIMITED, "limited"),
    (500, "GET", ErrorKind.TEMPORARY, "stumbled"),
    (500, "POST", ErrorKind.UNKNOWN, "no_answer"),
    (503, "GET", ErrorKind.TEMPORARY, "stumbled"),
    (503, "POST", ErrorKind.UNKNOWN, "no_answer"),
    (700, "POST", ErrorKind.UNKNOWN, "no_answer"),
]


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> FakeWire:
    wire = FakeWire()
    wire.install(monkeypatch)
    return wire


@pytest.fixture
def network() -> Network:
    return Network("Board", "https://board.example/", FakeContext(), {"Authorization": "Bearer t"})


@pytest.mark.parametrize(("status", "method", "kind", "code"), STATUSES)
def test_a_status_carries_its_decision(wire, network, status, method, kind, code):
    wire.expect(Answer(status=status))

    with pytest.raises(ChannelError) as raised:
        network.call(method, "/notices", dict)

    assert (raised.value.kind, raised.value.code) == (kind, code)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_no_fault_of_a_server_says_that_a_write_was_not_done(wire, network, method):
    for status in range(500, 600):
        wire.expect(Answer(status=status, headers={"Retry-After": "60"}))

        with pytest.raises(ChannelError) as raised:
            network.call(method, "/notices", dict)

        assert (raised.value.kind, raised.value.code) == (ErrorKind.UNKNOWN, "no_answer"), status


LONG = {"code": "blocked_by_reader", "detail": "x" * 5_000, "after": [1, {"é": "ü"}]}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 429, 500, 503])
def test_the_body_of_an_error_reaches_the_channel_whole(wire, network, status):
    wire.expect(Answer(status=status, json=LONG))

    with pytest.raises(NetworkError) as raised:
        network.call("POST", "/letters", dict)

    assert raised.value.json() == LONG
    assert (raised.value.status, len(raised.value.body) > 5_000) == (status, True)
    assert len(raised.value.said) <= 500


@pytest.mark.parametrize("text", ["<html>Try again</html>", "", "[" * 50_000])
def test_a_body_that_is_no_json_reads_as_none_and_stays_whole(wire, network, text):
    wire.expect(Answer(status=422, text=text))

    with pytest.raises(NetworkError) as raised:
        network.call("POST", "/letters", dict)

    assert raised.value.json() is None
    assert raised.value.body == text


@pytest.mark.parametrize(
    ("kind", "raw", "read"),
    [
        ("application/problem+json", "né".encode(), "né"),
        ("text/plain", "né".encode(), "né"),
        ("text/plain; charset=latin-1", "né".encode("latin-1"), "né"),
        ("text/plain; charset=no-such", "né".encode(), "né"),
        ("text/plain; charset=base64", b"abc", "abc"),
    ],
)
def test_a_body_is_read_in_the_encoding_it_names_and_never_in_a_guessed_one(kind, raw, read):
    answer = requests.Response()
    answer._content, answer.headers["Content-Type"] = raw, kind
    answer.encoding = requests.utils.get_encoding_from_headers(answer.headers)

    assert body_of(answer) == read


def of_one_reader(answer: requests.Response) -> ChannelError | None:
    """What the board says with a 401 or 403 of its own."""
    if answer.json()["code"] == "blocked_by_reader":
        return ChannelError(
            "The reader takes no letters.", kind=ErrorKind.PERMANENT, code="not_permitted"
        )
    return None


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (401, LONG, ErrorKind.PERMANENT, "not_permitted"),
        (403, LONG, ErrorKind.PERMANENT, "not_permitted"),
        (401, {"code": "revoked"}, ErrorKind.SENDER, "bad_token"),
        (403, {"code": "revoked"}, ErrorKind.SENDER, "no_permission"),
        # A body the channel cannot read leaves the usual meaning.
        (403, [], ErrorKind.SENDER, "no_permission"),
        (403, {}, ErrorKind.SENDER, "no_permission"),
    ],
)
def test_a_channel_says_what_a_refusal_is_about(wire, network, status, body, kind, code):
    wire.expect(Answer(status=status, json=body))
    own = replace(network, meaning=of_one_reader)

    with pytest.raises(ChannelError) as raised:
        own.call("POST", "/letters", dict)

    assert (raised.value.kind, raised.value.code) == (kind, code)


ODD = {
    "member": (Answer(json={"data": {"id": None}}), "its member “data.id”"),
    "key": (Answer(json={"data": {}}), "its member “data.id”"),
    "shape": (Answer(json={"data": "yes"}), "its member “data.id”"),
    "page": (Answer(text="<html>"), "a page instead of JSON"),
}


@pytest.mark.parametrize("case", ODD)
@pytest.mark.parametrize(
    ("method", "kind"), [("GET", ErrorKind.TEMPORARY), ("POST", ErrorKind.UNKNOWN)]
)
def test_an_odd_answer_is_named_and_is_no_network_that_is_down(wire, network, case, method, kind):
    answer, named = ODD[case]
    wire.expect(answer)

    with pytest.raises(ChannelError, match=named) as raised:
        network.call(method, "/notices", lambda found: text_of(found, "data", "id"))

    assert raised.value.kind is kind
    assert raised.value.message.startswith("Board answered something unexpected")


@pytest.mark.parametrize(
    ("fault", "method", "kind"),
    [
        (Fault.CUT_WHILE_SENDING, "POST", ErrorKind.UNKNOWN),
        (Fault.CUT_WITHIN_ANSWER, "POST", ErrorKind.UNKNOWN),
        (Fault.CUT_WITHIN_ANSWER, "GET", ErrorKind.TEMPORARY),
        (Fault.REFUSED, "POST", ErrorKind.TEMPORARY),
        (Fault.TIMEOUT_BEFORE_SENDING, "POST", ErrorKind.TEMPORARY),
        (Fault.TIMEOUT_AFTER_SENDING, "POST", ErrorKind.UNKNOWN),
        (Fault.DROPPED, "POST", ErrorKind.UNKNOWN),
        (Fault.DROPPED, "GET", ErrorKind.TEMPORARY),
        (Fault.WRONG_CERTIFICATE, "POST", ErrorKind.TEMPORARY),
        (Fault.ENCRYPTION_BROKE, "POST", ErrorKind.UNKNOWN),
    ],
)
def test_a_lost_call_is_unknown_only_if_it_may_have_written(wire, network, fault, method, kind):
    wire.expect(fault)

    with pytest.raises(ChannelError) as raised:
        network.call(method, "/notices", dict)

    assert raised.value.kind is kind


def test_a_call_carries_headers_and_timeouts_and_joins_the_address(wire, network):
    wire.expect(Answer(json={"id": "1"}))

    made = network.call("GET", "/me", lambda row: row["id"], params={"a": "b"})

    asked = wire.exchanges[0]
    assert made == "1"
    assert (asked.url, asked.query) == ("https://board.example/me?a=b", {"a": ["b"]})
    assert asked.headers["Authorization"] == "Bearer t"
    assert (asked.connect_timeout, asked.read_timeout) == TIMEOUT


def test_what_is_gone_already_is_deleted(wire, network):
    wire.expect(Answer(status=204), Answer(status=404))

    network.delete("/notices/1")
    network.delete("/notices/1")

    assert [item.method for item in wire.exchanges] == ["DELETE", "DELETE"]


@pytest.mark.parametrize(
    ("header", "at"),
    [
        ("90", NOON + timedelta(seconds=90)),
        ("Mon, 23 Nov 2026 13:00:00 GMT", NOON + timedelta(hours=1)),
        ("Mon, 23 Nov 2020 13:00:00 GMT", NOON),
        ("9" * 30, NOON + timedelta(minutes=15)),
        ("soon", NOON + timedelta(minutes=15)),
        ("", NOON + timedelta(minutes=15)),
    ],
)
def test_retry_after_is_read_in_each_of_its_forms(header: str, at: datetime):
    answer = requests.Response()
    answer.headers["Retry-After"] = header

    assert retry_after(answer, NOON) == at


ATTEMPT = Attempt(
    operation=Operation.POST,
    text="Hello  there",
    started_at=NOON,
    known_remote_ids=frozenset({"7"}),
)


@given(seconds=st.integers(-86_400, 86_400), remote_id=st.sampled_from(["7", "8"]))
def test_a_thing_matches_an_attempt_unless_it_is_older_or_anothers(seconds: int, remote_id: str):
    at = NOON.astimezone(UTC) + timedelta(seconds=seconds)

    found = ATTEMPT.matches(remote_id, "Hello there", at)

    assert found == (seconds >= -300 and remote_id != "7")


def test_other_words_match_no_attempt():
    assert not ATTEMPT.matches("8", "Hello, you there", NOON)


def test_letters_that_a_network_composed_are_the_same_words():
    typed = replace(ATTEMPT, text="Cafe\N{COMBINING ACUTE ACCENT} ouvert")

    assert typed.matches("8", "Caf\N{LATIN SMALL LETTER E WITH ACUTE} ouvert ", NOON)
