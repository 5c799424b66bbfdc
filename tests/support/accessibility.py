"""What axe finds on a page, and the looks that pages are shown to it in."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Whole style sheets would be read for one rule alone, which axe calls an experiment and leaves out.
ASKED = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}


def look(page: Page, theme: str, width: int) -> None:
    """Show pages in a theme and at a width from now on."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)


def violations(page: Page) -> list[str]:
    """Each rule of axe that a page breaks, with the element that does."""
    found = Axe().run(page, options=ASKED).response["violations"]
    return [f"{item['id']}: {node['html']}" for item in found for node in item["nodes"]]


def violations_by_turns(page: Page, number: int, theme: str) -> list[str]:
    """What axe finds on every second page of a theme, so that two themes ask about each page once.

    Axe takes longer than all the rest of such a test.
    """
    return violations(page) if number % 2 == (theme == "dark") else []
