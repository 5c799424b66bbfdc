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

    result = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0, done.stderr
    assert result["ok"] is True
    assert result["followers"] == {"fanfare": 1200, "x": 1200}
    assert result["limited"] == 0
    assert result["directs"]["sent"] > 50
