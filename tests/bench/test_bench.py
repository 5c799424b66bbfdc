"""The bench runs and says what it should; how fast anything is, is no test's business."""

import json

import pytest

from tests.bench import verdict
from tests.bench.command import printed

# This one, the broker, the sandbox, three of the web server, the scheduler, two workers.
PROCESSES = 9
OPTIONS = "--databases sqlite --followers 20 --messages 3 --pending 10 20 --rounds 1 --listed 2000"
TINY = [*OPTIONS.split(), "--against", "no-such-commit", "--json"]


@pytest.mark.slow
def test_the_bench_compares_every_task():
    out = printed(*TINY)

    report = json.loads(out)
    cases = {(row["task"], row["database"], row["size"]) for row in report["compared"]}
    syncs = {(task, "sqlite", 20) for task in ("sync", "resync")}
    lists = {(task, "sqlite", 2000) for task in ("csv", "analyse")}
    sends = {("send", "sqlite", 3), ("crowd", "postgresql", 3)}
    assert cases == syncs | lists | sends
    assert all(row["ratio"] > 0 for row in report["compared"])
    (held,) = report["held"]
    assert (held["database"], held["people"]) == ("sqlite", 2000)
    assert 0 < held["seconds"] < held["whole"]
    assert [row["many"] for row in report["claims"]] == [20]
    # Idle processes share what they imported.
    (at_rest,) = report["idle"]["of"]
    assert at_rest["processes"] == PROCESSES
    assert at_rest["memory"] < verdict.MOST_IDLE
