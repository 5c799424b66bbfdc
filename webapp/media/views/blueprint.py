"""The blueprint that the modules beside it add their routes to."""

from flask import Blueprint

blueprint = Blueprint("media", __name__)
