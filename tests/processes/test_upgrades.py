"""Two hosts that upgrade one database at once, each by its own process."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.kernel.test_older_databases import KEY, load

ROOT = Path(__file__).parents[2]


def environ(folder: Path, database: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "FANFARE_VAR": str(folder),
        "DATABASE_URL": database,
        "FANFARE_SECRET_KEY": "a secret of these tests",
        "FANFARE_ENCRYPTION_KEYS": KEY,
    }


def test_one_does_every_step_and_the_other_waits_and_finds_nothing_to_do(
    tmp_path: Path, new_database: str
):
    load(new_database, "82c8db8")
    hosts = [
        subprocess.Popen(
            [sys.executable, "-m", "webapp", "db", "upgrade"],
            cwd=ROOT,
            env=environ(tmp_path, new_database),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _host in range(2)
    ]

    said = [host.communicate(timeout=120) for host in hosts]

    assert [host.returncode for host in hosts] == [0, 0], said
    found = sorted(out for out, _err in said)
    assert re.match(r"\d+ steps brought the database .+ up to date\.", found[0])
    assert " was up to date already." in found[1]
