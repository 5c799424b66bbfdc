"""Cookies stay below the path at which Fanfare is served: beside it may stand somebody else's site.

The session would otherwise be sent to every application of the host, and one of them could set it.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

ROOT = re.compile(r"(?i);\s*path=/(?=;|$)")
# What may stand in a path without ending it or the cookie.
PLAIN = re.compile(r"(/[\w.~%!$&'()*+,=:@-]+)+", re.ASCII)


def below(app: WSGIApplication) -> WSGIApplication:
    """Return the application, whose cookies for the whole host hold below its own path alone."""

    def served(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ.get("SCRIPT_NAME", "").rstrip("/")
        return app(environ, _narrowing(start, path) if PLAIN.fullmatch(path) else start)

    return served


def _narrowing(start: StartResponse, path: str) -> StartResponse:
    def narrowed(
        status: str, headers: list[tuple[str, str]], fault: Any = None, /
    ) -> Callable[[bytes], object]:
        told = [(name, _narrow(name, value, path)) for name, value in headers]
        return start(status, told, fault) if fault else start(status, told)

    return narrowed


def _narrow(name: str, value: str, path: str) -> str:
    if name.lower() != "set-cookie":
        return value
    return ROOT.sub(lambda _found: f"; Path={path}", value)
