"""Clicks on their way into the database: lines of a file, written before each answer.

Whoever follows a link waits for nobody who writes to the database, and a process that is killed
after its answer leaves the line. Each process writes its own files and holds a lock on the present
one; a file without a lock is complete, or its process has ended. It is removed once its lines are
rows. Where no line can be written, such as on a full disk, the process remembers its clicks until
they are rows: whoever follows a link is led on whatever happens here.
"""

import fcntl
import json
import logging
import os
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = "clicks"
ENDING = ".clicks"
OWN = 0o600
KEY_BITS = 62
# So many clicks are remembered where no line can be written, and so long no other is tried.
MOST_REMEMBERED = 100_000
PAUSE = 1.0

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
        self._remembered: deque[Noted] = deque()
        self._lost = 0
        self._again_at = 0.0

    def note(self, click: Noted) -> None:
        """Write a click, which outlives this process from here on, or else remember it."""
        line = json.dumps(asdict(click), separators=(",", ":")).encode() + b"\n"
        with self._turn:
            if time.monotonic() < self._again_at or not self._write(line):
                self._remember(click)

    def _write(self, line: bytes) -> bool:
        """Write a line; false where it is not there, or is cut off and will be left out."""
        try:
            if os.write(self._open(), line) == len(line):
                return True
            log.error("A click could not be written whole, as on a full disk; it is remembered.")
        except OSError as fault:
            log.error("Clicks cannot be written and are remembered: %s", fault)  # noqa: TRY400 - the place tells nothing
        self._leave()
        self._again_at = time.monotonic() + PAUSE
        return False

    def _remember(self, click: Noted) -> None:
        if len(self._remembered) < MOST_REMEMBERED:
            self._remembered.append(click)
        else:
            self._lost += 1

    def remembered(self) -> list[Noted]:
        """Return the clicks that no line could be written of, the oldest first."""
        with self._turn:
            return list(self._remembered)

    def forget(self, number: int) -> None:
        """Forget so many of them, the oldest: they are rows."""
        with self._turn:
            for _time in range(number):
                self._remembered.popleft()

    @property
    def lost(self) -> int:
        """How many clicks were more than can be remembered, and nobody was told of yet."""
        return self._lost

    def told(self, number: int) -> None:
        """Take so many lost clicks as told of."""
        with self._turn:
            self._lost -= number

    def close(self) -> None:
        """Let the present file be complete; the next click begins another."""
        with self._turn:
            self._leave()

    def _leave(self) -> None:
        if self._file is not None and self._process == os.getpid():
            # Whoever leaves a full disk is told so once more, and needs no second time.
            with suppress(OSError):
                os.fsync(self._file)
            with suppress(OSError):
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
            try:
                if _locked(file):
                    return file
            except OSError:
                os.close(file)
                raise
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


def waiting_since(folder: Path) -> float | None:
    """Return when the oldest file of clicks was written to, in seconds since 1970."""
    found = []
    for path in folder.glob(f"*{ENDING}"):
        # Whoever collects may remove it in between.
        with suppress(OSError):
            found.append(path.stat().st_mtime)
    return min(found, default=None)


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
    """Lock a file unless somebody else holds it; raise `OSError` where none can be locked."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
