"""The pages of profiles: the list, one profile, who is who, and the fields of the team."""

from webapp.profiles.views import (
    editing,
    imports,
    linking,
    listing,
    merging,
    own_fields,
    show,
    suggestions,
    timeline,
)
from webapp.profiles.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "editing",
    "imports",
    "linking",
    "listing",
    "merging",
    "own_fields",
    "show",
    "suggestions",
    "timeline",
]
