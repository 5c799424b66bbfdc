"""The pages of this domain."""

from flask import Blueprint

blueprint = Blueprint("audience", __name__)
