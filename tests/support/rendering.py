"""A template only writes down what its view gave it: none may ask the database."""

import threading
from typing import Any

from flask import Flask, before_render_template, request_started, template_rendered
from sqlalchemy import event
from sqlalchemy.engine import Engine

_here = threading.local()


class StatementInTemplate(AssertionError):
    """A template asked the database while it was rendered."""


def watch(app: Flask) -> None:
    """Let every statement fail that is executed while a template of `app` is rendered.

    What a page needs is loaded by its view, and what the frame needs by a context processor, which
    is done before. A statement hidden in a template runs once for each row of its page.
    """
    before_render_template.connect(_begin, app)
    template_rendered.connect(_end, app)
    request_started.connect(_end, app)
    if not event.contains(Engine, "before_cursor_execute", _refuse):
        event.listen(Engine, "before_cursor_execute", _refuse)


def _begin(_app: Flask, template: Any, **_more: Any) -> None:
    _here.template = template.name or "a template without a name"


def _end(_app: Flask, **_more: Any) -> None:
    _here.template = None


def _refuse(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    template = getattr(_here, "template", None)
    if template:
        _here.template = None
        raise StatementInTemplate(f"{template} runs {' '.join(statement.split())[:300]}")
