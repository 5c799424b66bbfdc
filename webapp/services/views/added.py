"""What other domains add to every page of an account."""

from typing import Any

from flask import g, url_for

from webapp.services import places
from webapp.services.models import Service


def to_head(service: Service) -> dict[str, Any]:
    """Return the tabs, as the macro of tabs takes them, and the panels of the menu."""
    tabs = [
        (tab.name, tab.label, url_for(tab.endpoint, **tab.arguments), tab.count)
        for tab in places.TABS.ask(g.runtime, service)
    ]
    return {"tabs": tabs, "menu": places.MENU.ask(g.runtime, service)}
