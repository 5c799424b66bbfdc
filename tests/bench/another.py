"""Another commit beside this one: its files in a folder that goes away, in the same environment."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
# What the promises are held against.
BEFORE = "91bcfe9"


@contextmanager
def exported(commit: str) -> Iterator[Path | None]:
    """Lend a folder with the files of a commit; nothing where no history knows it."""
    with TemporaryDirectory(prefix="fanfare-bench-") as folder:
        packed = Path(folder) / "commit.tar"
        make = ["git", "-C", str(ROOT), "archive", "--output", str(packed), commit]
        try:
            known = subprocess.run(make, capture_output=True, check=False).returncode == 0
        except FileNotFoundError:
            known = False
        if known:
            subprocess.run(["tar", "-xf", str(packed), "-C", folder], check=True)
        yield Path(folder) if known else None
