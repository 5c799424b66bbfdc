"""The pages of deliveries: list, composer, confirm, progress and log, templates."""

from webapp.deliveries.views import confirm, control, export, listing, show, templates
from webapp.deliveries.views.blueprint import blueprint

__all__ = ["blueprint", "confirm", "control", "export", "listing", "show", "templates"]
