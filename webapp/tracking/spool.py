"""Clicks on their way into the database: lines of a file, written before each answer.

Whoever follows a link waits for nobody who writes to the database, and a process that is killed
after its answer leaves the line. Each process writes its own files and holds a lock on the present
one; a file without a lock is complete, or its process has ended. It is removed once its lines are
rows.
"""

import fcntl
import json
import logging
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = "clicks"
ENDING = ".clicks"
OWN = 0o600
KEY_BITS = 62

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A click as it was noted: `at` in seconds since 1970, `rule` what told a program."""

    key: int
    link_id: int
    message_id: int | None
    at: float
    rule: str = ""


def new_key() -> int:
    """Return a key that no other click has."""
    return secrets.randbits(KEY_BITS)


class Spool:
    """The files of one folder, as one process writes them."""

    def __init__(self, folder: Path) -> None:
        """Write into a folder, which is made with the first line."""
        self.folder = folder
        self._turn = threading.Lock()
        self._file: int | None = None
        self._process = 0

    def note(self, click: Noted) -> None:
        """Write a click; it outlives this process from here on."""
        line = json.dumps(asdict(click), separators=(",", ":")).encode() + b"\n"
        with self._turn:
            # One write of a short line is whole or not there.
            os.write(self._open(), line)

    def close(self) -> None:
        """Let the present file be complete; the next click begins another."""
        with self._turn:
            if self._file is not None and self._process == os.getpid():
                with suppress(OSError):
                    os.fsync(self._file)
                os.close(self._file)
            self._file = None

    def _open(self) -> int:
        # What was opened before a fork is its parent's.
        if self._file is None or self._process != os.getpid():
            self._file, self._process = self._begin(), os.getpid()
        return self._file

    def _begin(self) -> int:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            path = self.folder / f"{secrets.token_hex(12)}{ENDING}"
            file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, OWN)
            # Whoever collects may have taken the empty file in between, and removes it.
            if _locked(file):
                return file
            os.close(file)

    def complete(self) -> Iterator["Complete"]:
        """Yield the files that nobody writes to any more, each locked while it is looked at."""
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.glob(f"*{ENDING}")):
            with _taken(path) as file:
                if file is not None:
                    yield Complete(path)


@dataclass(frozen=True, slots=True)
class Complete:
    """A file whose lines may become rows."""

    path: Path

    def clicks(self) -> Iterator[Noted]:
        """Yield its clicks. A last line that was cut off was never answered, and is left out."""
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                with suppress(ValueError, TypeError):
                    yield Noted(**json.loads(line))

    def remove(self) -> None:
        """Remove it: its lines are rows."""
        self.path.unlink(missing_ok=True)


@contextmanager
def _taken(path: Path) -> Iterator[int | None]:
    """Lock a file, if nobody else holds it and it is still there."""
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:
        yield None
        return
    try:
        yield file if _locked(file) and os.fstat(file).st_nlink else None
    finally:
        os.close(file)


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
