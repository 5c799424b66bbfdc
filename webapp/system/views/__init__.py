"""Home, search, health and the settings pages."""

from webapp.system.views import home, probes, sandbox, settings
from webapp.system.views.blueprint import blueprint

__all__ = ["blueprint", "home", "probes", "sandbox", "settings"]
