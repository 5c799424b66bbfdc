"""Answers links that are known before Flask hears of them: whoever follows one waits for little.

What this process does not remember goes the long way once, through the view, which then knows it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Flask

from webapp.kernel.instance import Instance
from webapp.tracking import conditions, redirects
from webapp.tracking.answering import headers_of

Environ = dict[str, Any]
Start = Callable[..., Any]
App = Callable[[Environ, Start], Iterable[bytes]]
PREFIX = "/l/"
METHODS = frozenset({"GET", "HEAD"})


def begin(app: Flask) -> None:
    """Stand before an application, and let people be filtered by their clicks."""
    conditions.init()
    app.wsgi_app = _Front(app.wsgi_app, app.extensions["fanfare"])  # type: ignore[assignment,method-assign]  # the documented way


class _Front:
    def __init__(self, behind: App, instance: Instance) -> None:
        self._behind, self._instance = behind, instance
        self._more = list(headers_of(instance.settings).items())

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
        if not path.startswith(PREFIX) or method not in METHODS:
            return self._behind(environ, start)
        token = path.removeprefix(PREFIX)
        found = redirects.remembered(self._instance, token, method, _Headers(environ))
        if found is None or not found.address:
            return self._behind(environ, start)
        start("302 FOUND", [("Location", found.address), ("Content-Length", "0"), *self._more])
        return ()


class _Headers:
    """The headers of a request as a server hands them over."""

    def __init__(self, environ: Mapping[str, Any]) -> None:
        self._environ = environ

    def get(self, name: str, default: str) -> str:
        """Return one by its name."""
        return str(self._environ.get(f"HTTP_{name.upper().replace('-', '_')}", default))
