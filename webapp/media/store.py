"""Where the bytes of pictures lie: a folder of the instance, each file named by its own hash.

A name is the hash of what is in the file, so a file never changes and is written once. Several
hosts share the folder, or this module is given another one to ask.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from webapp.kernel.config.settings import Settings

FOLDER = "media"


def _path(settings: Settings, digest: str) -> Path:
    return settings.var / FOLDER / digest[:2] / digest


def keep(settings: Settings, digest: str, data: bytes) -> None:
    """Write a file, whole or not at all, and wait for the disk; one that is there is left."""
    path = _path(settings, digest)
    if path.exists():
        # It is used again, so whoever sweeps leaves it.
        with suppress(FileNotFoundError):
            path.touch()
            return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)


def has(settings: Settings, digest: str) -> bool:
    """Tell whether the bytes are there."""
    return _path(settings, digest).is_file()


def opened(settings: Settings, digest: str) -> BinaryIO:
    """Return a file to read from its beginning; raises `FileNotFoundError`."""
    return _path(settings, digest).open("rb")


def remove(settings: Settings, digest: str) -> None:
    """Delete a file; one that is gone is no error."""
    _path(settings, digest).unlink(missing_ok=True)


def older(settings: Settings, moment: float) -> Iterator[str]:
    """Yield the names of files that nobody touched since a moment of the machine's clock."""
    for path in (settings.var / FOLDER).glob("*/*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < moment:
                yield path.name
