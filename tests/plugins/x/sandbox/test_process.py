import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from channels.clock import FileClock
from tests.plugins.x.sandbox.running import IDS, Caller, RunningSandbox


def test_it_says_that_it_is_there(sandbox: RunningSandbox):
    assert sandbox.ask("health") == {"ok": True, "now": "2026-11-23T12:00:00.000Z"}


def test_a_moved_clock_is_moved_for_everybody_who_reads_it(sandbox: RunningSandbox):
    sandbox.tell("clock", set="2026-12-24T18:00:00Z")

    assert FileClock(sandbox.clock.path).now().isoformat() == "2026-12-24T18:00:00+00:00"
    assert sandbox.ask("health")["now"] == "2026-12-24T18:00:00.000Z"


def test_a_connection_serves_many_requests(brand: Caller):
    with brand.get("/2/users/me", stream=True) as first:
        socket = first.raw.connection.sock
        first.content  # noqa: B018 - reading it frees the connection
    with brand.get("/2/users/me", stream=True) as second:
        assert second.raw.connection.sock is socket


def test_the_record_is_exact_under_many_threads(sandbox: RunningSandbox):
    sandbox.tell("limits", operation="post", user=None)
    texts = [f"Post {number}" for number in range(40)] * 2

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda text: sandbox.caller().publish(text).status_code, texts))

    assert sorted(statuses) == [201] * 40 + [403] * 40
    assert sandbox.accepted("post") == 40
    assert sandbox.ask("stats")["posts"] == {"ateliernord": 40}


def test_the_record_is_written_to_its_file(
    sandbox: RunningSandbox, brand: Caller, record_file: Path
):
    identifier = brand.publish("For the file").json()["data"]["id"]

    last = json.loads(record_file.read_text(encoding="utf-8").splitlines()[-1])

    assert (last["kind"], last["account"], last["remote_id"]) == ("post", "ateliernord", identifier)


def test_a_reset_begins_again(sandbox: RunningSandbox, brand: Caller):
    brand.publish("Good morning")
    sandbox.tell("faults", kind="status")

    sandbox.tell("reset")

    assert sandbox.ask("stats")["accepted_posts"] == 0
    assert brand.publish("Good morning").status_code == 201


def test_an_audience_of_a_million_is_there_at_once(sandbox: RunningSandbox, brand: Caller):
    sandbox.tell("audience", account="ateliernord", followers=1_000_000)

    page = brand.get(
        f"/2/users/{IDS['ateliernord']}/followers", params={"max_results": 1000}
    ).json()

    assert sandbox.ask("stats")["followers"]["ateliernord"] == 1_000_000
    assert page["meta"]["next_token"]


def test_an_unknown_address_is_answered_like_x(brand: Caller):
    answer = brand.get("/2/nothing")

    assert (answer.status_code, answer.json()["title"]) == (404, "Not Found")


def test_an_order_for_a_stranger_is_refused(sandbox: RunningSandbox):
    order = {"account": "stranger", "followers": 3}

    answer = requests.post(f"{sandbox.url}/sandbox/audience", json=order, timeout=5)

    assert (answer.status_code, answer.json()) == (
        400,
        {"error": "stranger is no account of the sandbox."},
    )


def test_the_timeline_shows_what_was_posted_and_nothing_runs(
    sandbox: RunningSandbox, brand: Caller
):
    brand.publish("<script>alert(1)</script> https://ateliernord.example.com/new")

    page = requests.get(f"{sandbox.url}/timeline/ateliernord", timeout=5)

    assert "&lt;script&gt;alert(1)" in page.text
    assert 'href="https://ateliernord.example.com/new"' in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_pages_name_the_accounts_and_the_protected_ones(sandbox: RunningSandbox):
    index = requests.get(f"{sandbox.url}/", timeout=5).text
    protected = requests.get(f"{sandbox.url}/timeline/atelier_proof", timeout=5).text
    nobody = requests.get(f"{sandbox.url}/timeline/nobody", timeout=5)

    assert "@atelier_shop, 40 followers" in index
    assert "Protected: on X, only approved followers see these posts." in protected
    assert nobody.status_code == 404


def test_a_port_in_use_is_said_in_a_sentence(sandbox: RunningSandbox):
    port = sandbox.url.rpartition(":")[2]

    ended = subprocess.run(
        [sys.executable, "-m", "plugins.x.sandbox", "--port", port],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Port {port} of 127.0.0.1 cannot be used")


def test_a_sandbox_that_is_killed_leaves_no_file_behind(tmp_path: Path):
    with subprocess.Popen(
        [sys.executable, "-m", "plugins.x.sandbox", "--port", "0"],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        order = {"set": "2027-01-01T00:00:00Z"}
        requests.post(f"{url}/sandbox/clock", json=order, timeout=20).raise_for_status()
        now = requests.get(f"{url}/sandbox/health", timeout=20).json()["now"]
        process.kill()

    assert now.startswith("2027-01-01T00:0")
    assert list(tmp_path.iterdir()) == []
