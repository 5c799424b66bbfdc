"""The pages of this domain."""

from flask import Blueprint

blueprint = Blueprint("workflows", __name__)
