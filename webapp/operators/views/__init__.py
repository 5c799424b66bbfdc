"""The pages of this domain."""

from flask import Blueprint

blueprint = Blueprint("operators", __name__)
