"""The few pictures that the documentation shows, refreshed by `--keep`."""

from pathlib import Path

from playwright.sync_api import Browser

from tests.screenshots.places import Place
from tests.screenshots.tour import Look, looking, visit

# The picture's name in the documentation, and the beginning of its page's name.
KEPT = {
    "home": "system-home",
    "composer": "deliveries-compose-direct-draft",
    "confirm": "deliveries-confirm_page-direct-ready",
    "sending": "deliveries-show-direct-sending",
    "visitors": "audience-visitors",
    "service": "services-show",
}
LOOK = Look(width=1280, height=800, theme="light")


def refresh(browser: Browser, site: str, found: list[Place], folder: Path) -> None:
    """Save what a screen shows of each; pages that are not served are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    by_name = {place.name: place for place in found}
    with looking(browser, site, LOOK, []) as page:
        for name, wanted in KEPT.items():
            if wanted in by_name:
                visit(page, by_name[wanted])
                page.screenshot(path=folder / f"{name}.png")
