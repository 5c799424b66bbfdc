"""Joins the frame, the errors and what channels show to the application."""

from flask import Flask

from webapp.kernel.instance import Instance
from webapp.system.web import (
    channel_pages,
    channel_templates,
    errors,
    layout_context,
)


def init(app: Flask) -> None:
    """Set them up, and mount the pages that channels bring."""
    for part in (errors, layout_context, channel_templates):
        part.init(app)
    instance: Instance = app.extensions["fanfare"]
    channel_pages.mount(app, instance.registry)
