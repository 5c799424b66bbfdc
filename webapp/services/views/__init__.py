"""The pages of this domain."""

from webapp.services.views.blueprint import blueprint

__all__ = ["blueprint"]
