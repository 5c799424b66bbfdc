"""Pages about clicks, and the answers of short links."""

from webapp.tracking.views import conversions, follow, pages, settings
from webapp.tracking.views.blueprint import blueprint

__all__ = ["blueprint", "conversions", "follow", "pages", "settings"]
