"""The pages of this domain."""

from flask import Blueprint

blueprint = Blueprint("system", __name__)
