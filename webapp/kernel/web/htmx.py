"""Whole pages or fragments: the one place that knows htmx-flask and its headers.

htmx-flask 0.1.0 sets no `Vary` and refuses valid `HX-Reswap` values in its own response helper,
so answers are made here.
"""

from typing import Any

from flask import Flask, Response, g, make_response, redirect, render_template, request
from htmx_flask import Htmx

FORM_ERROR = 422


def init(app: Flask) -> None:
    """Give requests their `htmx` attribute and answers their `Vary` header."""
    Htmx(app)

    @app.after_request
    def vary(response: Response) -> Response:
        response.vary.add("HX-Request")
        return response


def wants_fragment() -> bool:
    """Tell whether the browser asked for a part of the page it already shows."""
    htmx: Any = request.htmx  # type: ignore[attr-defined]  # htmx-flask adds it
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def renders_fragment() -> bool:
    """Tell whether what is rendered now is a part of a page, which shows no frame."""
    return bool(g.get("renders_fragment", False))


def render(
    page: str, /, *, fragment: str | None = None, status: int = 200, **context: Any
) -> Response:
    """Render `fragment` for a partial request and the whole `page` for any other."""
    name = fragment if fragment and wants_fragment() else page
    g.renders_fragment = name != page
    return make_response(render_template(name, **context), status)


def go(url: str) -> Response:
    """Send the browser to `url` after a change; htmx follows with a whole page."""
    if wants_fragment():
        answer = make_response("", 204)
        answer.headers["HX-Redirect"] = url
        return answer
    return make_response(redirect(url, code=303))
