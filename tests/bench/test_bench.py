"""The bench runs and says what it should; how fast anything is, is no test's business."""

import json

import pytest

from tests.bench import verdict
from tests.bench.command import printed

# This one, the broker, the sandbox, three of the web server, the scheduler, two workers.
PROCESSES = 9
TINY = ["--followers", "20", "40", "--messages", "3", "--pending", "10", "20"]
TINY += ["--rounds", "1", "--listed", "2000", "--against", "no-such-commit", "--json"]


@pytest.mark.slow
def test_the_bench_compares_every_task_on_both_databases():
    out = printed(*TINY)

    report = json.loads(out)
    cases = {(row["task"], row["database"], row["size"]) for row in report["compared"]}
    databases = ("sqlite", "postgresql")
    syncs = {(t, d, n) for t in ("sync", "resync") for d in databases for n in (20, 40)}
    lists = {(task, database, 2000) for task in ("csv", "analyse") for database in databases}
    sends = {("send", database, 3) for database in databases} | {("crowd", "postgresql", 3)}
    assert cases == syncs | lists | sends
    assert all(row["ratio"] > 0 for row in report["compared"])
    (held,) = report["held"]
    assert (held["database"], held["people"]) == ("sqlite", 2000)
    assert 0 < held["seconds"] < held["whole"]
    assert [row["many"] for row in report["claims"]] == [20, 20]
    assert len(report["memory"]) == 4
    # Idle processes share what they imported.
    (at_rest,) = report["idle"]["of"]
    assert at_rest["processes"] == PROCESSES
    assert at_rest["memory"] < verdict.MOST_IDLE
