"""The pages of visitors."""

from webapp.audience.views import listing
from webapp.audience.views.blueprint import blueprint

__all__ = ["blueprint", "listing"]
