"""The pages of deliveries: list, composer, confirm, progress and log, templates."""

from webapp.deliveries.views import (
    composer,
    confirm,
    control,
    disconnect,
    drafting,
    export,
    feedback,
    follow_up,
    illustrating,
    linking,
    listing,
    moving,
    new,
    parts,
    show,
    targeting,
    templates,
)
from webapp.deliveries.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "composer",
    "confirm",
    "control",
    "disconnect",
    "drafting",
    "export",
    "feedback",
    "follow_up",
    "illustrating",
    "linking",
    "listing",
    "moving",
    "new",
    "parts",
    "show",
    "targeting",
    "templates",
]
