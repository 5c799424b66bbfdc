"""A small threaded HTTP/1.1 server: connections stay open, and may be cut on purpose.

Werkzeug's own server closes each connection after one answer, which would cost a client of
many requests most of its time; and it has no way to hang up without an answer.
"""

import sys
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from socketserver import ThreadingTCPServer
from typing import Any
from urllib.parse import unquote
from wsgiref.types import WSGIApplication

from channels.clock import Clock
from plugins.x.sandbox.gate import CUT, HANG_UP

# An idle connection is closed after this many seconds.
IDLE_SECONDS = 600
# A piece of a picture as text is a third larger than its bytes.
LARGEST_BODY = 8_000_000

Headers = list[tuple[str, str]]
# What WSGI wants said of every request.
FIXED: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}


class SandboxServer(ThreadingTCPServer):
    """Serves one application, with a thread for each connection."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], app: WSGIApplication, clock: Clock) -> None:
        """Bind at once; port 0 takes a free one, told by `server_address`."""
        self.app = app
        self.clock = clock
        super().__init__(address, Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet about clients that went away; report everything else."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Turns one connection's requests into calls of the application."""

    server: SandboxServer
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    # Head and body leave in one piece: two would wait for each other on a kept connection.
    wbufsize = -1
    disable_nagle_algorithm = True

    def answer(self) -> None:
        """Call the application and send what it answers, or hang up if it says so."""
        length = int(self.headers.get("Content-Length") or 0)
        if "Transfer-Encoding" in self.headers or not 0 <= length <= LARGEST_BODY:
            self.close_connection = True
            self.send_error(411)
            return
        environ = self._environ(self.rfile.read(length))
        told: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, _failure: Any = None, /) -> Any:
            told.append((status, headers))

        body = b"".join(self.server.app(environ, start))
        if environ.get(HANG_UP):
            self.close_connection = True
            return
        self.close_connection = self.close_connection or bool(environ.get(CUT))
        self._send(*told[-1], body=body, whole=not environ.get(CUT))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - http.server's names

    def version_string(self) -> str:
        """Name the server, and not the language it is written in."""
        return "Sandbox X"

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Write the Date header by the sandbox's clock."""
        now = self.server.clock.now().timestamp() if timestamp is None else timestamp
        return super().date_time_string(now)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Say nothing of single requests: they carry tokens."""

    def _send(self, status: str, headers: Headers, *, body: bytes, whole: bool) -> None:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body if whole else body[: len(body) // 2])

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        host, port = self.server.server_address[:2]
        return FIXED | {
            **self._named_headers(),
            "REQUEST_METHOD": self.command,
            "PATH_INFO": unquote(path, "latin-1"),
            "QUERY_STRING": query,
            "RAW_URI": self.path,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": str(host),
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "wsgi.input": BytesIO(body),
        }

    def _named_headers(self) -> dict[str, str]:
        return {
            "HTTP_" + name.upper().replace("-", "_"): value
            for name, value in self.headers.items()
            if name.lower() not in ("content-type", "content-length")
        }
