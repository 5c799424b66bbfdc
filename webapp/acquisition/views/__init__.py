"""The pages that operators make, and those that people read."""

from webapp.acquisition.views import (
    answering,
    confirming,
    editing,
    listing,
    previews,
    public,
    spreading,
    versions,
)
from webapp.acquisition.views.blueprint import blueprint

__all__ = [
    "answering", "blueprint", "confirming", "editing", "listing", "previews", "public", "spreading",
    "versions",
]  # fmt: skip
