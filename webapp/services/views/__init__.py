"""The pages of this domain."""

from flask import Blueprint

blueprint = Blueprint("services", __name__)
