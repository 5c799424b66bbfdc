"""Home, search, health and the settings pages."""

from webapp.system.views import home, mail, probes, sandbox, settings
from webapp.system.views.blueprint import blueprint

__all__ = ["blueprint", "home", "mail", "probes", "sandbox", "settings"]
