"""Home, search, health and the settings pages."""

from webapp.system.views import probes
from webapp.system.views.blueprint import blueprint

__all__ = ["blueprint", "probes"]
