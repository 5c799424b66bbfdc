"""Every page, in both themes and at both widths: nothing breaks, axe and fingers find nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from tests.screenshots import scene
from tests.screenshots.__main__ import chosen
from tests.screenshots.places import Place
from tests.screenshots.stage import stage
from tests.screenshots.tour import LOOKS, Look, expected, looking, visit
from tests.stories.fingers import missed_by_fingers
from tests.support.accessibility import violations
from tests.support.browser import serving

NARROW = 500

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Each theme and each width once: the pictures walk all four, and take a minute each here.
CROSSED = [look for look in LOOKS if (look.theme == "light") == (look.width > NARROW)]

# Enough for pages with more to come, few enough to be quick.
FOLLOWERS = 600


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where the pages are served, and which there are."""

    url: str
    places: list[Place]


@pytest.fixture(scope="module")
def lively(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with the scene of the pictures."""
    folder = tmp_path_factory.mktemp("stage")
    with stage(folder, followers=FOLLOWERS) as on, serving(on.app) as url:
        scene.play(on)
        yield Site(url=url, places=chosen(on, ""))


def faults_of(page, place: Place, said: list[str], *, by_axe: bool) -> list[str]:
    """What is wrong with a page, in words."""
    said.clear()
    seen = visit(page, place)
    seen += [text for text in said if not expected(place, text)]
    seen += violations(page) if by_axe else []
    if page.viewport_size["width"] < NARROW:
        seen += missed_by_fingers(page)
    return [f"{place.path}: {fault}" for fault in seen]


def seen_in(look: Look, places: list[Place]) -> list[Place]:
    """The pages of a look: the first of each route on a phone, where it breaks if anywhere.

    The looks take turns with the others, and the desk sees every second one of the first again.
    """
    known: dict[str, int] = {}
    chosen = []
    for place in places:
        route = place.route or place.name
        number = known[route] = known.get(route, -1) + 1
        if not number:
            turn = look.width < NARROW or len(known) % len(CROSSED) == 0
        else:
            turn = number % len(CROSSED) == CROSSED.index(look)
        if turn:
            chosen.append(place)
    return chosen


def asked_of_axe(look: Look, places: list[Place]) -> list[str]:
    """The names of those that axe looks at: each page once, in the looks by turns.

    It takes as long as all the rest.
    """
    seen = {each.name: {place.name for place in seen_in(each, places)} for each in CROSSED}
    found = []
    for number, place in enumerate(places):
        looks = [each for each in CROSSED if place.name in seen[each.name]]
        if looks[number % len(looks)] == look:
            found.append(place.name)
    return found


@pytest.mark.parametrize("look", CROSSED, ids=lambda look: look.name)
def test_every_page_is_whole_and_accessible(lively: Site, browser: Browser, look: Look):
    said: list[str] = []
    places, of_axe = seen_in(look, lively.places), asked_of_axe(look, lively.places)

    with looking(browser, lively.url, look, said) as page:
        wrong = [
            fault
            for place in places
            for fault in faults_of(page, place, said, by_axe=place.name in of_axe)
        ]

    assert not wrong, "\n".join(wrong)


def test_the_walk_covers_the_pages_there_are(lively: Site):
    names = {place.name for place in lively.places}

    assert {"system-home", "services-show", "workflows-index", "operators-index"} <= names
    assert names == {place.name for look in CROSSED for place in seen_in(look, lively.places)}
    assert names == {name for look in CROSSED for name in asked_of_axe(look, lively.places)}
