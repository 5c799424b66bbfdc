"""Every answer of X that is no success, and what follows from it."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests

from channels import ErrorKind
from plugins.x import errors

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def answer(status: int, body: object = None, headers: dict | None = None) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    made._content = body.encode() if isinstance(body, str) else json.dumps(body or {}).encode()
    made.headers.update(headers or {})
    return made


def problem(name: str) -> dict:
    return {"type": f"https://api.twitter.com/2/problems/{name}", "title": "x", "detail": "x"}


CASES = [
    (401, {"title": "Unauthorized", "detail": "Unauthorized"}, ErrorKind.SENDER, "bad_token"),
    (401, {"errors": [{"code": 326, "message": "locked"}]}, ErrorKind.SENDER, "locked"),
    (
        403,
        {"detail": "Your account is suspended and is not permitted to access this feature."},
        ErrorKind.SENDER,
        "locked",
    ),
    (302, "", ErrorKind.UNKNOWN, "no_answer"),
    (402, problem("credits"), ErrorKind.SENDER, "no_credits"),
    (403, problem("unsupported-authentication"), ErrorKind.SENDER, "wrong_auth"),
    (403, problem("client-forbidden"), ErrorKind.SENDER, "no_access"),
    (403, {"title": "Forbidden", "detail": "Forbidden"}, ErrorKind.SENDER, "no_permission"),
    (
        403,
        {"detail": "You are not allowed to create a Tweet with duplicate content."},
        ErrorKind.PERMANENT,
        "duplicate",
    ),
    (
        403,
        {"detail": "Reply to this conversation is not allowed because you have not been ..."},
        ErrorKind.PERMANENT,
        "not_summoned",
    ),
    (
        403,
        {"detail": "You do not have permission to DM one or more participants."},
        ErrorKind.PERMANENT,
        "not_permitted",
    ),
    (403, {"detail": "This operation is not permitted."}, ErrorKind.SENDER, "sender_refused"),
    (403, {"errors": [{"code": 453, "message": "subset"}]}, ErrorKind.SENDER, "no_access"),
    (
        403,
        {"errors": [{"code": 187, "message": "Status is a duplicate"}]},
        ErrorKind.PERMANENT,
        "duplicate",
    ),
    (403, {"errors": [{"code": 349, "message": "no"}]}, ErrorKind.PERMANENT, "not_permitted"),
    *(
        (status, {"errors": [{"code": number, "message": "x"}]}, kind, code)
        for status, number, kind, code in [
            (401, 32, ErrorKind.SENDER, "bad_token"),
            (401, 89, ErrorKind.SENDER, "bad_token"),
            (401, 64, ErrorKind.SENDER, "locked"),
            (401, 135, ErrorKind.SENDER, "clock"),
            (403, 63, ErrorKind.PERMANENT, "suspended"),
            (403, 93, ErrorKind.SENDER, "no_permission"),
            (403, 150, ErrorKind.PERMANENT, "not_permitted"),
            (403, 185, ErrorKind.LIMITED, "daily_limit"),
            (403, 186, ErrorKind.PERMANENT, "too_long"),
            (403, 226, ErrorKind.SENDER, "sender_refused"),
            (403, 261, ErrorKind.SENDER, "no_permission"),
            (403, 326, ErrorKind.SENDER, "locked"),
            (403, 64, ErrorKind.SENDER, "locked"),
            (403, 389, ErrorKind.PERMANENT, "not_permitted"),
            (429, 88, ErrorKind.LIMITED, "limited"),
        ]
    ),
    (404, {"title": "Not Found"}, ErrorKind.PERMANENT, "unknown_person"),
    (429, {"title": "Too Many Requests"}, ErrorKind.LIMITED, "limited"),
    (429, problem("usage-capped"), ErrorKind.SENDER, "usage_capped"),
    (400, problem("invalid-request"), ErrorKind.PERMANENT, "refused"),
    (409, {"title": "Conflict"}, ErrorKind.UNKNOWN, "no_answer"),
    (413, "<html>too large</html>", ErrorKind.PERMANENT, "refused"),
    (422, {}, ErrorKind.PERMANENT, "refused"),
    (408, "", ErrorKind.UNKNOWN, "no_answer"),
    (403, {"detail": "Your Tweet text is too long."}, ErrorKind.PERMANENT, "too_long"),
    (504, "", ErrorKind.UNKNOWN, "no_answer"),
    (503, "<html>over capacity</html>", ErrorKind.UNKNOWN, "no_answer"),
    (503, {"title": "Service Unavailable"}, ErrorKind.UNKNOWN, "no_answer"),
    (500, "<html>error</html>", ErrorKind.UNKNOWN, "no_answer"),
    (502, [], ErrorKind.UNKNOWN, "no_answer"),
]


@pytest.mark.parametrize(("status", "body", "kind", "code"), CASES)
def test_an_answer_carries_its_decision(app, status, body, kind, code):
    with app.app_context():
        fault = errors.of_answer(answer(status, body), NOW, writes=True)

    assert (fault.kind, fault.code) == (kind, code)
    assert fault.message.endswith(".")


@pytest.mark.parametrize(("minutes", "code"), [(4, "bad_token"), (6, "clock"), (-6, "clock")])
def test_a_clock_that_is_off_is_not_called_a_wrong_key(app, minutes, code):
    theirs = format_datetime(NOW + timedelta(minutes=minutes), usegmt=True)
    with app.app_context():
        fault = errors.of_answer(answer(401, {}, {"Date": theirs}), NOW, writes=False)

    assert fault.code == code


def test_a_parameter_is_objected_to_however_late_it_is_named(app):
    body = {"detail": f"{'One or more parameters are not valid. ' * 20}[tweet.fields]"}
    with app.app_context():
        fault = errors.of_answer(answer(400, body), NOW, writes=False)

    assert errors.objects_to(fault, "tweet.fields")
    assert not errors.objects_to(fault, "post.fields")


def test_a_server_error_on_a_read_may_be_tried_again(app):
    with app.app_context():
        fault = errors.of_answer(answer(500), NOW, writes=False)

    assert fault.kind is ErrorKind.TEMPORARY


def test_a_limit_opens_again_at_the_latest_reset_of_a_spent_window():
    soon, later = NOW + timedelta(minutes=9), NOW + timedelta(hours=20)
    headers = {
        "x-rate-limit-remaining": "0",
        "x-rate-limit-reset": str(int(soon.timestamp())),
        "x-user-limit-24hour-remaining": "0",
        "x-user-limit-24hour-reset": str(int(later.timestamp())),
    }

    assert errors.retry_at(answer(429, {}, headers), NOW) == later


def stated(prefix: str, remaining: int, minutes: float) -> dict[str, str]:
    """The headers of a window."""
    reset = int((NOW + timedelta(minutes=minutes)).timestamp())
    return {f"{prefix}-remaining": str(remaining), f"{prefix}-reset": str(reset)}


QUARTER, USER_DAY, AGES = "x-rate-limit", "x-user-limit-24hour", 40_000_000
DAY = 24 * 60


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        (stated(QUARTER, 14, 3), 3),
        (stated(QUARTER, 14, 3) | stated(USER_DAY, 900, 1_200), 3),
        (stated(QUARTER, 14, 3) | stated(USER_DAY, 0, 1_200), 1_200),
        (stated(QUARTER, 0, AGES), 15),
        (stated(QUARTER, 14, AGES), 15),
        (stated(USER_DAY, 0, AGES), DAY),
        ({"Retry-After": "99999999"}, DAY),
        (stated(QUARTER, 14, 3) | {"Retry-After": "60"}, 1),
    ],
)
def test_a_reset_is_believed_within_its_window_and_whatever_remains(
    headers: dict[str, str], minutes: int
):
    assert errors.retry_at(answer(429, {}, headers), NOW) == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({}, 15),
        ({"Retry-After": "120"}, 2),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "soon"}, 15),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "9" * 20}, 15),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "1"}, 15),
    ],
)
def test_a_limit_without_a_reset_of_use_waits_a_while(headers: dict[str, str], minutes: int):
    assert errors.retry_at(answer(429, {}, headers), NOW) == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (requests.ReadTimeout(), ErrorKind.UNKNOWN),
        (requests.ConnectionError("reset"), ErrorKind.UNKNOWN),
        (requests.ConnectTimeout(), ErrorKind.TEMPORARY),
    ],
)
def test_a_lost_write_is_unknown_unless_it_never_began(app, fault, kind):
    with app.app_context():
        assert errors.of_network(fault, writes=True).kind is kind
