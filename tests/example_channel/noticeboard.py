"""The network of the example: a small HTTP server with people, notices and letters."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

TOKEN = "tok-of-the-board"
ME = {"id": "1", "handle": "ateliernord", "name": "Atelier Nord"}
PEOPLE = [{"id": f"r{n}", "handle": f"reader{n}", "name": f"Reader {n}"} for n in range(5)]
PAGE = 2


@dataclass
class Noticeboard:
    """What the network holds, and where it answers."""

    address: str = ""
    notices: list[dict] = field(default_factory=list)
    letters: list[dict] = field(default_factory=list)
    inbox: list[dict] = field(default_factory=list)

    def write(self, text: str, person: dict) -> None:
        """Let a person write to the account."""
        now = datetime.now(UTC).isoformat()
        self.inbox.append({"id": f"i{len(self.inbox)}", "from": person, "text": text, "at": now})

    def keep(self, held: list[dict], sent: dict) -> dict:
        """Keep what was sent and return its id, which nothing else on the board has."""
        now = datetime.now(UTC).isoformat()
        held.append({**sent, "id": str(len(self.notices) + len(self.letters) + 1), "at": now})
        return {"id": held[-1]["id"]}

    def read(self, path: str, query: dict) -> dict | None:
        """Answer a reading; nothing stands at other addresses."""
        start = int(query.get("from", ["0"])[0] or 0)
        more = str(start + PAGE) if start + PAGE < len(PEOPLE) else None
        pages = {
            "/me": ME,
            "/readers": {"people": PEOPLE[start : start + PAGE], "next": more},
            "/inbox": {"letters": self.inbox[::-1], "next": None},
            "/notices": {"sent": self.notices},
        }
        return pages.get(path)


@contextmanager
def running() -> Iterator[Noticeboard]:
    """Serve a board on a port of this machine."""
    board = Noticeboard()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self.answer(200, board.read(parts.path, parse_qs(parts.query)))

        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            held = {"/notices": board.notices, "/letters": board.letters}[self.path]
            known = self.headers["Authorization"] == f"Bearer {TOKEN}"
            self.answer(201, board.keep(held, sent) if known else {})

        def answer(self, status: int, body: dict | None) -> None:
            known = self.headers["Authorization"] == f"Bearer {TOKEN}"
            payload = json.dumps(body or {}).encode()
            self.send_response((status if body else 404) if known else 401)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_said: object) -> None:
            """Keep the test's output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    board.address = f"http://127.0.0.1:{server.server_port}"
    yield board
    server.shutdown()
    thread.join()
    server.server_close()
