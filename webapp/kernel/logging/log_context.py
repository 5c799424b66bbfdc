"""The request or job that is under way, which each line of the log names."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from flask import Flask, Response, g, has_request_context, request

HEADER = "X-Request-ID"
# What a proxy may call a request; anything else could forge lines of the log.
FIT = re.compile(r"[A-Za-z0-9._-]{1,64}")

_job: ContextVar[str] = ContextVar("job", default="")


def init(app: Flask, *, proxies: int) -> None:
    """Give each request an id, that of a trusted proxy where it has one, and tell it back."""

    @app.before_request
    def begin() -> None:
        told = request.headers.get(HEADER, "") if proxies else ""
        g.request_id = told if FIT.fullmatch(told) else secrets.token_hex(8)

    @app.after_request
    def tell(response: Response) -> Response:
        response.headers[HEADER] = request_id()
        return response


def request_id() -> str:
    """Return the id of the request under way; empty outside of one."""
    return str(g.get("request_id", "")) if has_request_context() else ""


def job() -> str:
    """Return the job under way, such as `send_delivery(12) 5f0c...`; empty outside of one."""
    return _job.get()


@contextmanager
def working(name: str) -> Iterator[None]:
    """Let the log name a job while it runs."""
    token = _job.set(name)
    try:
        yield
    finally:
        _job.reset(token)
