"""The pages of this domain."""

from webapp.audience.views.blueprint import blueprint

__all__ = ["blueprint"]
