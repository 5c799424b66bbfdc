"""A mail server of this machine that keeps what it is given, or refuses as a test lays out."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread


@dataclass
class Mailbox:
    """What arrived; `after_data` is the answer to the text, and none cuts the connection."""

    mails: list[EmailMessage] = field(default_factory=list)
    after_data: bytes | None = b"250 Taken"
    port: int = 0


class Session(socketserver.StreamRequestHandler):
    """Answers one connection, for the box of its server."""

    def handle(self) -> None:
        """Say yes to everything, and take texts."""
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip():
            word = line.split()[0].upper()
            if word == b"DATA" and not self._text():
                return
            if word != b"DATA":
                self.wfile.write({b"QUIT": b"221 bye"}.get(word, b"250 fine") + b"\r\n")

    def _text(self) -> bool:
        """Keep a text; false where the connection is cut instead of an answer."""
        self.wfile.write(b"354 go on\r\n")
        box: Mailbox = self.server.box  # type: ignore[attr-defined]  # set below
        lines = list(iter(self.rfile.readline, b".\r\n"))
        text = b"".join(line.removeprefix(b".") for line in lines)
        box.mails.append(message_from_bytes(text, policy=policy.default))
        if box.after_data:
            self.wfile.write(box.after_data + b"\r\n")
        return bool(box.after_data)


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Listen on a free port while a test runs."""
    box = Mailbox()
    with socketserver.TCPServer(("127.0.0.1", 0), Session) as server:
        server.box = box
        box.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield box
        server.shutdown()
        thread.join()
