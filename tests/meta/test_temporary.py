"""A run of tests that leaves something in the temporary folder fails and says what."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INSIDE = """
import tempfile

def test_it_passes():
    tempfile.mkdtemp(prefix="{prefix}")
"""


@pytest.mark.parametrize(
    ("prefix", "code"), [("fanfare-demo-", 1), ("sandbox-x-", 1), ("playwright-", 0)]
)
def test_what_is_left_behind_fails_the_run_and_is_removed(tmp_path: Path, prefix: str, code: int):
    (tmp_path / "test_inside.py").write_text(INSIDE.format(prefix=prefix))
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    plain = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.support.temporary", tmp_path],
        env=plain | {"PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == code, done.stdout + done.stderr
    assert (f"Left in the temporary folder: {prefix}" in done.stdout) == bool(code)
    assert "1 passed" in done.stdout
    assert [path.name for path in temporary.iterdir() if path.name.startswith("fanfare")] == []
