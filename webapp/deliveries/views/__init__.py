"""The pages of this domain."""

from flask import Blueprint

blueprint = Blueprint("deliveries", __name__)
