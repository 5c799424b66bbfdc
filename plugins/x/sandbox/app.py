"""Builds the sandbox's application."""

from flask import Flask, Response, request
from flask_babel import Babel
from werkzeug.exceptions import HTTPException

from channels.clock import MovableClock
from plugins.x.sandbox import (
    app_only,
    directs,
    gate,
    media,
    oauth2,
    publishing,
    reading,
    steering,
    timeline,
    users,
    watching,
)
from plugins.x.sandbox.answers import refusal
from plugins.x.sandbox.state import Options

MODULES = (
    users,
    reading,
    publishing,
    directs,
    media,
    app_only,
    oauth2,
    steering,
    watching,
    timeline,
)


def create_app(options: Options, clock: MovableClock) -> Flask:
    """Return an application with a world of its own, seeded as `options` say."""
    app = Flask(__name__, static_url_path="/static", template_folder="templates")
    Babel(app)
    app.extensions["sandbox"] = gate.Sandbox(options, clock)
    gate.install(app)
    for module in MODULES:
        app.register_blueprint(module.blueprint)
    app.register_error_handler(HTTPException, _as_x_says_it)
    return app


def _as_x_says_it(error: HTTPException) -> Response:
    if not request.path.startswith("/2/"):
        return Response(f"{error.code} {error.name}\n", error.code, content_type="text/plain")
    body = refusal(error.code or 500, error.name).body
    return gate.to_json(body, error.code or 500, gate.PROBLEM_JSON)
