"""A mail server of this machine that keeps what it is given, or refuses as a test lays out."""

import socketserver
import ssl
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event, Thread


@dataclass
class Mailbox:
    """What arrived; `after_data` is the answer to the text, and none cuts the connection.

    With `tls` it encrypts, from the first word on or once it is asked to. `logs_in` are the user
    and the password that it takes, `silent_at` is the command that it never answers.
    """

    mails: list[EmailMessage] = field(default_factory=list)
    after_data: bytes | None = b"250 Taken"
    port: int = 0
    tls: ssl.SSLContext | None = None
    at_once: bool = False
    logs_in: tuple[str, str] | None = None
    silent_at: bytes = b""
    heard: list[bytes] = field(default_factory=list)
    over: Event = field(default_factory=Event)


class Session(socketserver.StreamRequestHandler):
    """Answers one connection, for the box of its server."""

    def handle(self) -> None:
        """Say yes to nearly everything, and take texts."""
        self.box: Mailbox = self.server.box  # type: ignore[attr-defined]  # set below
        if self.box.tls and self.box.at_once and not self._encrypt():
            return
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip():
            word = line.split()[0].upper()
            self.box.heard.append(word)
            if word == self.box.silent_at:
                self.box.over.wait()
                return
            if word == b"DATA":
                if not self._text():
                    return
            else:
                self.wfile.write(self._answer(word, line) + b"\r\n")
            if word == b"STARTTLS" and not self._encrypt():
                return

    def finish(self) -> None:
        """Close what was encrypted, which the server does not know."""
        super().finish()
        self.request.close()

    def _answer(self, word: bytes, line: bytes) -> bytes:
        if word == b"EHLO":
            some = [b"here"] + [b"STARTTLS"] * bool(self.box.tls and not self.box.at_once)
            some += [b"AUTH PLAIN"] * bool(self.box.logs_in)
            return b"\r\n".join([*(b"250-" + one for one in some), b"250 HELP"])
        if word == b"AUTH":
            given = tuple(b64decode(line.split()[2]).decode().split("\0")[1:])
            return b"235 welcome" if given == self.box.logs_in else b"535 nobody"
        return {b"QUIT": b"221 bye", b"STARTTLS": b"220 begin"}.get(word, b"250 fine")

    def _encrypt(self) -> bool:
        """Go on encrypted; false where the other side does not trust that."""
        assert self.box.tls is not None
        try:
            self.request = self.box.tls.wrap_socket(self.request, server_side=True)
        except OSError:
            return False
        self.setup()
        return True

    def _text(self) -> bool:
        """Keep a text; false where the connection is cut instead of an answer."""
        self.wfile.write(b"354 go on\r\n")
        lines = list(iter(self.rfile.readline, b".\r\n"))
        text = b"".join(line.removeprefix(b".") for line in lines)
        self.box.mails.append(message_from_bytes(text, policy=policy.default))
        if self.box.after_data:
            self.wfile.write(self.box.after_data + b"\r\n")
        return bool(self.box.after_data)


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
        box.over.set()
        server.shutdown()
        thread.join()
