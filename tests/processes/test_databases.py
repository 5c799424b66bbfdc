"""Test processes that run side by side share one PostgreSQL and no row of it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import make_url

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
# The run inside starts PostgreSQL through this, which writes down that it did.
COUNTING = """
import os
from pathlib import Path
from tests.support import servers

start = servers.start_postgresql

def counted(folder):
    with Path(os.environ["STARTS"]).open("a") as file:
        file.write(f"{os.environ.get('PYTEST_XDIST_WORKER', 'controller')}\\n")
    return start(folder)

servers.start_postgresql = counted
"""
INSIDE = """
import json
from datetime import UTC, datetime
from pathlib import Path
import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from webapp.kernel.audit import AuditEntry

@pytest.mark.parametrize("number", range(4))
def test_it_finds_no_row_of_another(database_url, number, worker_id):
    engine = create_engine(database_url)
    with Session(engine) as session, session.begin():
        made = AuditEntry(at=datetime.now(UTC), actor="a", action="b", subject="c", label="d")
        session.add(made)
        session.flush()
        seen = {"url": database_url, "rows": session.query(AuditEntry).count(), "id": made.id}
    engine.dispose()
    Path(__file__).with_name(f"seen-{number}.json").write_text(json.dumps(seen))
"""


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A temporary folder that the server's own user may enter, unlike those of pytest."""
    with TemporaryDirectory(prefix="fanfare-test-") as folder:
        yield Path(folder)


def test_two_processes_are_given_one_server_and_a_database_each(tmp_path: Path, temporary: Path):
    (tmp_path / "counting.py").write_text(COUNTING)
    (tmp_path / "test_inside.py").write_text(INSIDE)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    plugins = ("-p", "counting", "-p", "tests.support.databases", "-p", "no:cacheprovider")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *plugins, "-n", "2", "--db", "postgresql", tmp_path],
        env={
            **{name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")},
            "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
            "STARTS": str(tmp_path / "starts"),
            "TMPDIR": str(temporary),
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    seen = [json.loads(path.read_text()) for path in sorted(tmp_path.glob("seen-*.json"))]
    urls = [make_url(item["url"]) for item in seen]

    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "starts").read_text().split() == ["controller"]
    assert {url.database for url in urls} == {"gw0", "gw1"}
    assert len({url.query["host"] for url in urls}) == 1
    assert [(item["rows"], item["id"]) for item in seen] == [(1, 1)] * 4
    assert [path.name for path in temporary.glob("fanfare-*")] == []
