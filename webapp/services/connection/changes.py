"""What an operator changed about a service: values before and after, for the audit."""

import json
from decimal import Decimal
from hashlib import sha256
from typing import Any

from webapp.services.models import Service

PLAIN = ("label", "is_test", "sync_subscriptions", "four_eyes", "daily_cap", "time_zone")


def options(service: Service) -> dict[str, Any]:
    """Return what was chosen about a service, as the audit can keep it; no secret is among it."""
    budget = service.monthly_budget
    return {name: getattr(service, name) for name in PLAIN} | {
        # Whole and exact, whichever way the database writes it.
        "monthly_budget": None if budget is None else f"{Decimal(budget).normalize():f}",
        "folder": service.folder.name,
        "visitor_folder": service.visitor_folder.name,
        "settings": dict(service.settings),
    }


def mark(service: Service) -> str:
    """Return a mark of what is chosen: another one tells that somebody chose something else."""
    return sha256(json.dumps(options(service), sort_keys=True).encode()).hexdigest()


def since(before: dict[str, Any], service: Service) -> dict[str, list[Any]]:
    """Return each value that is another one now, with the one it was.

    Of a channel's own settings only the names are told: what they hold, the plugin alone knows.
    """
    after = options(service)
    had, has = before["settings"], after["settings"]
    names = sorted(name for name in had.keys() | has.keys() if had.get(name) != has.get(name))
    changed = {
        name: [before[name], value]
        for name, value in after.items()
        if name != "settings" and before[name] != value
    }
    return changed | ({"settings": names} if names else {})
