"""The library, and the pictures themselves."""

from webapp.media.views import files, listing
from webapp.media.views.blueprint import blueprint

__all__ = ["blueprint", "files", "listing"]
