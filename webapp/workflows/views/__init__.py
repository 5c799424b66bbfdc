"""The pages of this domain."""

from webapp.workflows.views.blueprint import blueprint

__all__ = ["blueprint"]
