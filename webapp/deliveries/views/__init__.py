"""The pages of deliveries: list, composer, confirm, progress and log, templates."""

from webapp.deliveries.views import (
    compose,
    confirm,
    control,
    disconnect,
    drafting,
    export,
    listing,
    moving,
    new,
    show,
    targeting,
    templates,
)
from webapp.deliveries.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "compose",
    "confirm",
    "control",
    "disconnect",
    "drafting",
    "export",
    "listing",
    "moving",
    "new",
    "show",
    "targeting",
    "templates",
]
