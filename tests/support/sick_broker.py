"""A broker that is ill in one of the ways real ones are: it says nothing, or says no."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

HELLO = b"%2\r\n+server\r\n+redis\r\n+proto\r\n:3\r\n"
OK = b"+OK\r\n"


class SickBroker:
    """Takes connections; answers what is asked with `answer`, or with nothing at all."""

    def __init__(self, answer: bytes | None) -> None:
        self.answer = answer
        self.asked = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._held: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._socket.getsockname()[1]}/0"

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for held in self._held:
            held.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                caller, _address = self._socket.accept()
            except OSError:
                return
            self.asked += 1
            self._held.append(caller)
            if self.answer is not None:
                threading.Thread(target=self._talk, args=(caller,), daemon=True).start()

    def _talk(self, caller: socket.socket) -> None:
        try:
            while said := caller.recv(65_536):
                caller.sendall(b"".join(map(self._reply, commands(said))))
        except OSError:
            return

    def _reply(self, command: bytes) -> bytes:
        if command == b"HELLO":
            return HELLO
        return OK if command == b"CLIENT" else self.answer or b""


def commands(said: bytes) -> Iterator[bytes]:
    """The first word of each command in what a client sent at once."""
    parts = said.split(b"\r\n")
    for at, part in enumerate(parts):
        if part.startswith(b"*"):
            yield parts[at + 2].upper()


@contextmanager
def sick_broker(answer: bytes | None) -> Iterator[SickBroker]:
    """Lend a sick broker."""
    broker = SickBroker(answer)
    try:
        yield broker
    finally:
        broker.close()
