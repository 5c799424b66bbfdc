"""The pages of deliveries: list, composer, confirm, progress and log, templates."""

from webapp.deliveries.views.blueprint import blueprint

__all__ = ["blueprint"]
