"""The whole main job, through real processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_demo_does_the_main_job_and_both_records_agree():
    environ = {name: text for name, text in os.environ.items() if not name.startswith("FANFARE_")}

    done = subprocess.run(
        [sys.executable, "-m", "webapp", "demo", "--once", "--json", "--followers", "1200"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["ok"] is True
    assert result["followers"] == {"fanfare": 1200, "x": 1200}
    assert result["limited"] == 0
    told = [(item["kind"], item["proof"], item["label"]) for item in result["deliveries"]]
    assert told == [
        ("post", True, "Proof #1 of “Open on Saturday”"),
        ("post", False, "Open on Saturday"),
        ("direct", True, "Proof #1 of “Winter list”"),
        ("direct", False, "Winter list"),
    ]
    both = [item["sent"] for item in result["deliveries"]]
    assert both[:3] == [{"fanfare": 1, "x": 1}] * 3
    assert both[3]["fanfare"] == both[3]["x"] > 50
    for complaint in ("Traceback", "locked", "Broken pipe", "retrying", "ended and was started"):
        assert complaint not in done.stderr
