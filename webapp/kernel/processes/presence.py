"""What each running process tells of itself: that it lives, and which keys it holds.

A secret that is written with a new key is lost on a process that was never given it. Each process
says every few seconds by what names it knows its keys; the names tell nothing of the keys.
"""

import os
import socket
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webapp.kernel.instance import Instance

EVERY = 10.0
# Whoever was silent for so many seconds has ended.
FORGOTTEN_AFTER = 35

# Held while a sign is given, so that no process is forked in the middle of it.
_turn = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A sign of life: what kind of process it is, where, and the names of its keys."""

    kind: str
    place: str
    keys: tuple[str, ...]

    def __str__(self) -> str:
        """Return it as a person names it."""
        return f"{self.kind} {self.place}"


class Presence:
    """The signs of life of one process, given as often as they are asked for and needed."""

    def __init__(self, instance: "Instance", kind: str) -> None:
        """Speak for this process; what it forks later speaks for itself or not at all."""
        place = f"{socket.gethostname()}:{os.getpid()}"
        self._queue = instance.queue
        self._sign = Sign(kind=kind, place=place, keys=instance.secret_box.names)
        self._said = 0.0

    def beat(self) -> None:
        """Give a sign of life, if the last one is some seconds old."""
        now = time.monotonic()
        if not self._said or now - self._said >= EVERY:
            self._said = now
            self._queue.tell(self._sign)


def tell_on(instance: "Instance", kind: str) -> None:
    """Give signs of life from a thread, in this process and in each that is forked from it."""

    def begin() -> None:
        told = Presence(instance, kind)
        threading.Thread(target=_forever, args=(told,), name="presence", daemon=True).start()

    def begin_anew() -> None:
        _turn.release()
        begin()

    os.register_at_fork(
        before=_turn.acquire, after_in_parent=_turn.release, after_in_child=begin_anew
    )
    begin()


def _forever(told: Presence) -> None:
    while True:
        with _turn:
            told.beat()
        time.sleep(EVERY)
