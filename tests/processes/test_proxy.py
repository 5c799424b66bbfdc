"""The proxy of the documentation: a web host that vanished costs one request a few seconds."""

import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import Request, urlopen

from tests.support.servers import held_port

DOCS = (Path(__file__).parents[2] / "docs" / "operating.md").read_text(encoding="utf-8")
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
HOSTS = ("10.0.0.11:8000", "10.0.0.12:8000")
REQUESTS, MOST_SECONDS = 12, 5


def block() -> str:
    """The configuration that the documentation shows."""
    return next(text for text in re.findall(r"```nginx\n(.*?)```", DOCS, re.DOTALL))


def seconds(name: str) -> int:
    found = re.search(rf"{name} (\d+)s;", block())
    assert found, name
    return int(found[1])


def test_a_request_waits_for_a_host_that_vanished_no_longer_than_it_may():
    assert seconds("proxy_connect_timeout") < MOST_SECONDS
    assert seconds("proxy_next_upstream_timeout") <= MOST_SECONDS
    assert all(f"server {host} max_fails=1 fail_timeout=" in block() for host in HOSTS)
    assert "non_idempotent" not in block(), "what a host may have done is never asked for twice"


@contextmanager
def vanished() -> Iterator[str]:
    """An address that answers no attempt to connect, like a host without power."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _one in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        yield f"127.0.0.1:{full.getsockname()[1]}"
        for one in waiting:
            one.close()


class Answers(BaseHTTPRequestHandler):
    """A web host that tells what it was asked with."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.headers["X-Forwarded-Host"].encode())

    do_POST = do_GET  # noqa: N815 - as the server calls it

    def log_message(self, *_words: object) -> None:
        pass


@contextmanager
def living() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@contextmanager
def proxy(folder: Path, port: int, *hosts: str) -> Iterator[Path]:
    """The documented proxy before two hosts; its log names the hosts each request was given to."""
    upstream, _brace, location = block().partition("location / {")
    for documented, host in zip(HOSTS, hosts, strict=True):
        upstream = upstream.replace(documented, host)
    log, paths = folder / "log", ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{name}_temp_path {folder}/{name};" for name in paths)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;\n"
        "events {}\nhttp { log_format asked '$upstream_addr';\n"
        f"access_log {log} asked; {temporary}\n{upstream}\n"
        f"server {{ listen 127.0.0.1:{port}; location / {{{location} }} }}\n"
    )
    with subprocess.Popen(
        [NGINX, "-e", folder / "error.log", "-c", folder / "nginx.conf"]
    ) as running:
        try:
            yield log
        finally:
            running.terminate()


def asked(port: int, body: bytes | None) -> int:
    ends = time.monotonic() + 30
    while True:
        try:
            with urlopen(Request(f"http://127.0.0.1:{port}/", body), timeout=30) as answer:
                assert answer.read() == f"127.0.0.1:{port}".encode()
                return int(answer.status)
        except ConnectionRefusedError:
            assert time.monotonic() < ends
            time.sleep(0.05)
        except OSError as fault:
            if not isinstance(getattr(fault, "reason", None), ConnectionRefusedError):
                raise
            assert time.monotonic() < ends
            time.sleep(0.05)


if NGINX:

    def test_of_many_requests_one_meets_the_host_that_vanished_and_all_are_answered(
        tmp_path: Path,
    ):
        tmp_path.chmod(0o755)
        with vanished() as gone, living() as there, held_port() as port:
            with proxy(tmp_path, port, gone, there) as log:
                statuses = [asked(port, b"x" if number % 2 else None) for number in range(REQUESTS)]
            lines = log.read_text().splitlines()

        assert statuses == [200] * REQUESTS
        assert len(lines) == REQUESTS
        assert sum(gone in line for line in lines) == 1
