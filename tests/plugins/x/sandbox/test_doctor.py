"""The doctor names each fault of an account with its fix."""

import pytest

from channels import ChannelError, CheckState, ErrorKind, Operation
from plugins.x.channel import XChannel
from plugins.x.client import XClient
from tests.plugins.x.sandbox.lent import Lent
from tests.plugins.x.sandbox.running import RunningSandbox

X = XChannel()
TOKEN = {"path": "token", "account": "ateliernord"}
# What is wrong with X or the account, what with our side, the check that says so, its fix.
FAULTS = {
    "bad key": ({}, {"secrets": {"consumer_key": "wrong"}}, "keys", "Keys and tokens"),
    "odd key": ({}, {"secrets": {"consumer_key": "“key”🙂"}}, "keys", "Keys and tokens"),
    "bad token": ({**TOKEN, "revoked": True}, {}, "token", "new access token"),
    "read only": ({**TOKEN, "access": "read"}, {}, "permission", "Read, write and direct"),
    "other account": ({}, {"handle": "somebody", "remote_id": None}, "account", "Log in to X"),
    "no credits": ({"path": "credits", "balance": "0"}, {}, "credits", "Buy credits"),
    "clock": ({}, {"ahead": 400.0}, "clock", "set its clock"),
    "no sandbox": ({}, {"url": " "}, "reachable", "FANFARE_X_SANDBOX_URL"),
    "unreachable": ({}, {"url": "http://127.0.0.1:9"}, "reachable", "network"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_fix(app, sandbox: RunningSandbox, fault: str):
    theirs, ours, code, fix = FAULTS[fault]
    lent = Lent(sandbox)
    lent.secrets = lent.secrets | ours.get("secrets", {})
    for name in ours.keys() - {"secrets"}:
        setattr(lent, name, ours[name])
    if theirs:
        sandbox.tell(**theirs)

    with app.app_context():
        found = {check.code: check for check in X.connection.diagnose(lent)}

    assert found[code].state is CheckState.ERROR
    assert fix in found[code].fix
    # Beside *Error* the opposite of the fault would stand.
    assert "is reachable" not in found[code].label


def test_a_renamed_account_is_known_by_its_id(app, sandbox: RunningSandbox):
    sandbox.tell("rename", who="ateliernord", username="atelier_north")

    with app.app_context():
        found = list(X.connection.diagnose(Lent(sandbox)))

    assert {check.state for check in found} == {CheckState.PASSED}


def test_a_token_that_publishes_but_sends_no_messages_is_a_warning(app, sandbox: RunningSandbox):
    sandbox.tell("token", account="ateliernord", access="read-write")

    with app.app_context():
        found = {check.code: check for check in X.connection.diagnose(Lent(sandbox))}

    assert found["permission"].state is CheckState.WARNING
    assert "cannot send messages" in found["permission"].detail
    assert "Read, write and direct" in found["permission"].fix


def test_a_process_that_knows_no_sandbox_never_began_to_write(app, sandbox: RunningSandbox):
    client = XClient(Lent(sandbox, url=" "), Operation.DIRECT)

    with app.app_context(), pytest.raises(ChannelError) as refused:
        client.post("/dm_conversations", {})

    assert refused.value.kind is ErrorKind.TEMPORARY
