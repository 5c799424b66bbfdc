import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.plugins.x.sandbox.running import Caller, RunningSandbox

SOON = 0.5
PATIENCE = 30


def wait(reached: Callable[[], object]) -> None:
    """Wait for what the sandbox does after its client went away."""
    ends = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < ends
        time.sleep(0.01)


@pytest.mark.parametrize("status", [500, 503])
def test_a_status_comes_with_a_page_and_nothing_is_accepted(
    sandbox: RunningSandbox, brand: Caller, status: int
):
    sandbox.tell("faults", kind="status", operation="post", status=status)

    answer = brand.publish("Good morning")

    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert sandbox.accepted("post") == 0
    assert brand.publish("Good morning").status_code == 201


def test_a_429_may_come_without_a_word_on_when(sandbox: RunningSandbox, brand: Caller):
    sandbox.tell("faults", kind="limited", operation="me")

    answer = brand.get("/2/users/me")

    assert answer.status_code == 429
    assert "x-rate-limit-reset" not in answer.headers
    assert sandbox.ask("stats")["limited"] == 1


def test_a_timeout_before_acceptance_leaves_nothing(sandbox: RunningSandbox, brand: Caller):
    sandbox.tell("faults", kind="timeout_before", operation="direct")

    with pytest.raises(requests.Timeout):
        brand.write_to(sandbox.someone("accepts"), timeout=SOON)
    wait(lambda: not sandbox.ask("faults")["faults"])
    requests.delete(f"{sandbox.url}/sandbox/faults", timeout=5)

    assert sandbox.accepted("direct") == 0


def test_a_timeout_after_acceptance_leaves_the_message(sandbox: RunningSandbox, brand: Caller):
    sandbox.tell("faults", kind="timeout_after", operation="direct")

    with pytest.raises(requests.Timeout):
        brand.write_to(sandbox.someone("accepts"), timeout=SOON)

    wait(lambda: sandbox.accepted("direct") == 1)


@pytest.mark.parametrize(("kind", "accepted"), [("drop_before", 0), ("drop_after", 1)])
def test_a_connection_is_cut(sandbox: RunningSandbox, brand: Caller, kind: str, accepted: int):
    sandbox.tell("faults", kind=kind, operation="post")

    with pytest.raises(requests.ConnectionError):
        brand.publish("Good morning")

    assert sandbox.accepted("post") == accepted


def test_a_slow_answer_comes_in_the_end(sandbox: RunningSandbox, brand: Caller):
    sandbox.tell("faults", kind="slow", operation="me", seconds=0.05)

    assert brand.get("/2/users/me").status_code == 200


def test_a_held_connection_is_let_go_when_faults_are_cleared(
    sandbox: RunningSandbox, brand: Caller
):
    sandbox.tell("faults", kind="slow", operation="post", seconds=600)
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(brand.publish, "Good morning")
        wait(lambda: sandbox.accepted("post"))

        requests.delete(f"{sandbox.url}/sandbox/faults", timeout=5)

        assert answer.result(timeout=PATIENCE).status_code == 201


def test_faults_have_a_count_and_may_wait_their_turn(sandbox: RunningSandbox, brand: Caller):
    sandbox.tell("faults", kind="status", operation="me", count=2, skip=1)

    statuses = [brand.get("/2/users/me").status_code for _ in range(4)]

    assert statuses == [200, 503, 503, 200]


def test_a_fault_of_one_operation_leaves_the_others(sandbox: RunningSandbox, brand: Caller):
    sandbox.tell("faults", kind="status", operation="direct")

    assert brand.get("/2/users/me").status_code == 200
    assert len(sandbox.ask("faults")["faults"]) == 1


def test_a_fault_nobody_knows_is_refused(sandbox: RunningSandbox):
    answer = requests.post(f"{sandbox.url}/sandbox/faults", json={"kind": "mood"}, timeout=5)

    assert answer.status_code == 400
    assert answer.json()["error"].startswith("mood is unknown")
