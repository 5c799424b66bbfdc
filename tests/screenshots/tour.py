"""Walks pages in a real Chromium, takes their picture, and notes what is broken."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, Response

from tests.screenshots.places import Place
from tests.screenshots.scene import EMAIL, PASSWORD

BROKEN = 500
# Width, height: a desk and a phone.
SIZES = ((1280, 800), (375, 812))
THEMES = ("light", "dark")

SQUEEZED = """() => [...document.querySelectorAll("td, th, dd, dt, li, p")]
  .filter((item) => item.innerText.trim().length > 3)
  .filter((item) => item.clientWidth < 20 && item.clientHeight > 60)
  .filter((item) => !item.querySelector(".visually-hidden"))
  .filter((item) => !item.closest("[aria-hidden=true]"))
  .map((item) => item.innerText.replace(/\\s+/g, " ").trim().slice(0, 40))"""


@dataclass(frozen=True, kw_only=True)
class Look:
    """A way to look at pages."""

    width: int
    height: int
    theme: str

    @property
    def name(self) -> str:
        """How pictures taken in this way are called."""
        return f"{self.theme}-{self.width}"


LOOKS = [
    Look(width=width, height=height, theme=theme) for width, height in SIZES for theme in THEMES
]


@contextmanager
def looking(browser: Browser, site: str, look: Look, faults: list[str]) -> Iterator[Page]:
    """Open a tab that looks in one way, with the administrator logged in."""
    context = browser.new_context(
        base_url=site,
        viewport={"width": look.width, "height": look.height},
        color_scheme="dark" if look.theme == "dark" else "light",
    )
    page = context.new_page()
    page.goto("/login")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"{site}/")
    page.on("pageerror", lambda fault: faults.append(f"script: {fault}"))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    yield page
    context.close()


def visit(page: Page, place: Place) -> list[str]:
    """Open a page and return what is wrong with its answer and its width."""
    answer = page.goto(place.path)
    page.evaluate("document.fonts.ready")
    # Charts are drawn when they come near.
    for chart in page.locator(".ff-chart").all():
        chart.scroll_into_view_if_needed()
    page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_timeout(150)
    return [*_answer(answer), *_width(page), *_words(page), *_squeezed(page)]


def _answer(answer: Response | None) -> list[str]:
    status = answer.status if answer else BROKEN
    return [f"it answers {status}"] if status >= BROKEN else []


def _words(page: Page) -> list[str]:
    """Find an object where a page should have its text."""
    return ["it shows an object of Python"] if " object at 0x" in page.content() else []


def _width(page: Page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth")
    allowed = page.viewport_size["width"]
    return [f"it is {wide} px wide on a screen of {allowed}"] if wide > allowed else []


def _squeezed(page: Page) -> list[str]:
    """Find words that stand letter below letter, where a place left them no width."""
    return [f"“{text}” has no room" for text in page.evaluate(SQUEEZED)]


def picture(page: Page, folder: Path, name: str) -> None:
    """Save the whole page."""
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def expected(place: Place, said: str) -> bool:
    """Tell whether a message of the console is what the page is about."""
    return place.name.startswith("error-") and "Failed to load resource" in said


def everything(browser: Browser, site: str, found: list[Place], folder: Path) -> list[str]:
    """Take a picture of every page in every way; return what is wrong."""
    wrong: list[str] = []
    for look in LOOKS:
        faults: list[str] = []
        with looking(browser, site, look, faults) as page:
            for place in found:
                faults.clear()
                seen = visit(page, place)
                picture(page, folder, f"{place.name}-{look.name}")
                seen += [said for said in faults if not expected(place, said)]
                wrong += [f"{place.path} ({look.name}): {fault}" for fault in seen]
    return wrong
