"""What domains above may add to the pages of an account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.kernel.panels import Panel, Place
from webapp.services.models import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A page of another domain about an account, with how many things it lists."""

    name: str
    label: str
    endpoint: str
    arguments: Mapping[str, Any]
    count: int | None = None


TABS: Place[[Service], Tab] = Place("service/tabs")
MENU: Place[[Service], Panel] = Place("service/menu")
# Above all else on the dashboard: what does not run by itself.
NEEDED: Place[[Service], Panel] = Place("service/needed")
OVERVIEW: Place[[Service], Panel] = Place("service/overview")
COSTS: Place[[Service], Panel] = Place("service/costs")
