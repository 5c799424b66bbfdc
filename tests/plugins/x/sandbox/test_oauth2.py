"""Sandbox X signs people in, makes single-use pairs and trades older keys; the plugin asks it."""

import base64
import hashlib
from dataclasses import replace

import pytest

from channels import ChannelError, ErrorKind, SignInRequest
from plugins.x import oauth2
from plugins.x.channel import XChannel
from tests.plugins.x.sandbox.lent import Lent
from tests.plugins.x.sandbox.running import RunningSandbox
from tests.support.consenting import answer

X = XChannel()
VERIFIER = "verifier-of-this-test-which-is-long-enough-0001"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()
ASKED = SignInRequest(
    redirect_uri="http://127.0.0.1:8080/back",
    state="the state of this test",
    challenge=CHALLENGE.rstrip("="),
    verifier=VERIFIER,
    scopes=tuple(X.sign_in.scopes()),
)


@pytest.fixture
def lent(app, sandbox: RunningSandbox) -> Lent:
    with app.app_context():
        yield Lent(sandbox, secrets={})


def answered(lent: Lent, **given: str | list[str]) -> dict[str, str]:
    """Let somebody answer on the page of the sandbox; return what they come back with."""
    return answer(X.sign_in.authorise(lent, ASKED), **given)


def keep(lent: Lent, made) -> None:
    lent.secrets |= made.secrets
    lent.state |= made.state


def refused(call) -> str:
    with pytest.raises(ChannelError) as fault:
        call()
    assert fault.value.kind is ErrorKind.SENDER
    return fault.value.code


def test_whoever_signs_in_is_connected_by_their_token_and_it_is_renewed(lent: Lent):
    back = answered(lent)
    granted = X.sign_in.exchange(lent, ASKED, back["code"])

    assert back["state"] == ASKED.state
    assert granted.scopes == set(ASKED.scopes)
    assert X.sign_in.profile(lent, granted).person.handle == "ateliernord"

    keep(lent, granted)
    account = X.connection.connect(lent)
    assert (account.handle, account.permissions) == ("ateliernord", "read-write-directmessages")

    lent.sandbox.advance(hours=3)
    assert refused(lambda: X.connection.connect(lent)) == "bad_token"
    keep(lent, X.sessions.refresh(lent))
    assert X.connection.connect(lent).handle == "ateliernord"
    assert X.sessions.expires_at(lent) > lent.now()


def test_a_code_is_worth_something_once_and_for_whoever_asked(lent: Lent):
    other = replace(ASKED, verifier="another verifier")

    code = answered(lent)["code"]
    assert refused(lambda: X.sign_in.exchange(lent, other, code)) == "sign_in_refused"
    assert refused(lambda: X.sign_in.exchange(lent, ASKED, code)) == "sign_in_refused"

    code = answered(lent)["code"]
    X.sign_in.exchange(lent, ASKED, code)
    assert refused(lambda: X.sign_in.exchange(lent, ASKED, code)) == "sign_in_refused"

    code = answered(lent)["code"]
    lent.sandbox.advance(seconds=31)
    assert refused(lambda: X.sign_in.exchange(lent, ASKED, code)) == "sign_in_refused"


def test_somebody_may_refuse_all_or_a_part(lent: Lent):
    assert answered(lent, refuse="1")["error"] == "access_denied"

    code = answered(lent, allowed=["tweet.read", "users.read"])["code"]
    granted = X.sign_in.exchange(lent, ASKED, code)
    assert granted.scopes == {"tweet.read", "users.read"}
    assert list(granted.secrets) == [oauth2.ACCESS]


def test_a_refresh_token_that_comes_again_ends_the_grant(lent: Lent):
    keep(lent, X.sign_in.exchange(lent, ASKED, answered(lent)["code"]))
    new = X.sessions.refresh(lent)

    assert refused(lambda: X.sessions.refresh(lent)) == "signed_out"
    keep(lent, new)
    assert refused(lambda: X.connection.connect(lent)) == "bad_token"
    assert lent.sandbox.ask("grants")["came_at_most"] == 2


def test_older_keys_are_traded_as_often_as_it_takes_and_go_on(lent: Lent):
    four = Lent(lent.sandbox)
    first = X.moving.trade(four)
    second = X.moving.trade(four)

    keep(lent, first)
    assert refused(lambda: X.connection.connect(lent)) == "bad_token"
    keep(lent, second)
    assert X.connection.connect(lent).handle == "ateliernord"
    assert X.connection.connect(four).handle == "ateliernord"

    lent.sandbox.tell("token", account="ateliernord", revoked=True)
    assert refused(lambda: X.moving.trade(four)) == "keys_over"


def test_what_was_taken_back_or_is_of_another_app_is_named(lent: Lent):
    keep(lent, X.moving.trade(Lent(lent.sandbox)))
    kept = dict(lent.state)

    lent.state[oauth2.APP] = "another app"
    assert refused(lambda: X.sessions.refresh(lent)) == "no_app"
    lent.state = kept
    lent.sandbox.tell("token", account="ateliernord", signed_out=True)
    assert refused(lambda: X.sessions.refresh(lent)) == "signed_out"


def test_one_of_the_crowd_signs_in_as_themselves(lent: Lent):
    person = lent.sandbox.ask("people", kind="follows", limit=1)["people"][0]
    code = answered(lent, handle=person["username"], allowed=["users.read", "tweet.read"])["code"]

    granted = X.sign_in.exchange(lent, ASKED, code)
    assert X.sign_in.profile(lent, granted).person.remote_id == person["id"]


def test_without_a_client_nobody_is_asked(lent: Lent):
    lent.settings = {}

    assert "FANFARE_X_CLIENT_ID" in X.sign_in.missing(lent)
    assert refused(lambda: X.moving.trade(lent)) == "no_app"
