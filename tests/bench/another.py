"""Another commit beside this one: built in a folder that goes away, with the packages it locks."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """Where the files of a commit are, and the Python that runs them."""

    commit: str
    root: Path
    python: str


HERE = Checkout(commit="", root=Path(__file__).parents[2], python=sys.executable)
# What the promises are held against.
BEFORE = "91bcfe9"


@contextmanager
def built(commit: str) -> Iterator[Checkout | None]:
    """Lend another commit, ready to run; nothing where the history at hand knows none."""
    with TemporaryDirectory(prefix="fanfare-bench-") as folder:
        root = Path(folder)
        if not _exported(commit, root):
            yield None
            return
        print(f"Building {commit}, which takes a minute or two.", file=sys.stderr)
        install = ["sh", "run", "bench", "--help"]
        subprocess.run(install, cwd=root, check=True, stdout=subprocess.DEVNULL)
        yield Checkout(commit=commit, root=root, python=str(root / ".venv" / "bin" / "python"))


def _exported(commit: str, root: Path) -> bool:
    packed = root / "commit.tar"
    make = ["git", "-C", str(HERE.root), "archive", "--output", str(packed), commit]
    try:
        known = subprocess.run(make, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
    if known:
        subprocess.run(["tar", "-xf", str(packed), "-C", str(root)], check=True)
        packed.unlink()
    return known
