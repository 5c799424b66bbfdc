"""Where the bytes of pictures lie: a folder of the instance, each file named by its own hash.

A name is the hash of what is in the file, so a file never changes and is written once. Several
hosts share the folder, or this module is given another one to ask.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from webapp.kernel.config.settings import Settings

FOLDER = "media"
# No database is asked for any number of names at once.
AT_ONCE = 500


def _path(settings: Settings, digest: str) -> Path:
    return settings.var / FOLDER / digest[:2] / digest


def keep(settings: Settings, digest: str, data: bytes) -> None:
    """Write a file, whole or not at all, and wait for the disk; one that is there is left.

    One that a disk or a restored copy damaged is written anew.
    """
    path = _path(settings, digest)
    with suppress(FileNotFoundError):
        if path.read_bytes() == data:
            # It is used again, so whoever sweeps leaves it.
            path.touch()
            return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            # Whatever fails here, such as a full disk, leaves no piece behind.
            Path(file.name).unlink(missing_ok=True)
            raise
    for folder in path.parents[:2]:
        _to_disk(folder)


def _to_disk(folder: Path) -> None:
    """Let a power cut take back no name: the row of a picture outlives it, too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def has(settings: Settings, digest: str, size: int | None = None) -> bool:
    """Tell whether the bytes are there, as many as there should be."""
    try:
        found = _path(settings, digest).stat().st_size
    except FileNotFoundError:
        return False
    return size is None or found == size


def opened(settings: Settings, digest: str) -> BinaryIO:
    """Return a file to read from its beginning; raises `FileNotFoundError`.

    One that changed on the disk is another picture than the one that was approved, or half of it:
    it is gone as well.
    """
    file = _path(settings, digest).open("rb")
    if hashlib.file_digest(file, "sha256").hexdigest() != digest:
        file.close()
        raise FileNotFoundError(digest)
    file.seek(0)
    return file


def remove(settings: Settings, digest: str) -> None:
    """Delete a file; one that is gone is no error."""
    _path(settings, digest).unlink(missing_ok=True)


def older(settings: Settings, moment: float) -> Iterator[list[Path]]:
    """Yield the files that nobody touched since a moment of the machine's clock, some at once."""
    paths = (settings.var / FOLDER).glob("*/*")
    old = (path for path in paths if _is_older(path, moment))
    while some := list(islice(old, AT_ONCE)):
        yield some


def sweep(path: Path, moment: float) -> bool:
    """Delete such a file, unless somebody took it meanwhile; tell whether it went."""
    if not _is_older(path, moment):
        return False
    path.unlink(missing_ok=True)
    return True


def _is_older(path: Path, moment: float) -> bool:
    try:
        return path.stat().st_mtime < moment
    except FileNotFoundError:
        return False
