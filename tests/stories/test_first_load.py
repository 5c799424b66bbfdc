"""The first visit to any page is light, whoever's name stands on it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page

from tests.support.deliveries import sent
from tests.support.factories import make_delivery, make_service, make_subscription, make_visitor
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role

pytestmark = pytest.mark.browser

BUDGET = 250_000
ICON = 500
NAMES = (
    "Bożena Świątek", "Þórður Ægisson", "Şükrü Çağlayan", "Đặng Nguyễn Thị Hằng", "Zoë ﬁne",
    "Иван Ёлкин", "Ελένη Ώρα",
    "محمد", "山田 太郎", "ʚĭɞ ᴀɴɴᴀ Ⓐ", "𝓜𝓪𝓻𝓲𝓮 🎺", "ḌḥṣṬ Ŵŷ", "Ĳssel ẞ ₺ ₹",
)  # fmt: skip


def weighed(tab: Page, address: str) -> int:
    """Return how many bytes a browser that knows nothing yet is sent for a page.

    It keeps nothing but the icon.
    """
    taken: list[float] = []
    network = tab.context.new_cdp_session(tab)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    network.on("Network.loadingFinished", lambda told: taken.append(told["encodedDataLength"]))
    tab.goto(address)
    tab.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    tab.wait_for_load_state("networkidle")
    network.detach()
    return int(sum(taken)) + ICON


def test_a_first_load_of_any_page_is_within_its_budget(
    page_as: Callable[[Role], Page],
    site: str,
    runtime: Runtime,
):
    service = make_service(runtime, label=NAMES[0])
    people = [make_visitor(runtime, name=name) for name in NAMES]
    for person in people:
        make_subscription(runtime, service, person)
    done = sent(runtime, service, people=1, label=NAMES[1])
    draft = make_delivery(runtime, service, label=NAMES[2])
    one = people[0].id
    runtime.session.commit()
    page = page_as(Role.ADMIN)
    paths = (
        "/", "/deliveries", f"/deliveries/{done.id}", f"/deliveries/{draft.id}/compose",
        "/audience/visitors", f"/audience/visitors/{one}", "/services", f"/services/{service.id}",
        f"/services/{service.id}/quota", f"/services/{service.id}/settings", "/workflows",
        "/templates", "/profile", "/settings/operators", "/settings/audit", "/settings/health",
        "/search?q=a", "/no/such/page",
    )  # fmt: skip

    weights = {path: weighed(page, f"{site}{path}") for path in paths}

    print(weights)
    assert {path: weight for path, weight in weights.items() if weight >= BUDGET} == {}
    assert min(weights.values()) > 50_000


def test_a_name_of_europe_is_drawn_in_the_font_of_the_page(
    page_as: Callable[[Role], Page], site: str, runtime: Runtime
):
    make_visitor(runtime, name=NAMES[0])
    page = page_as(Role.ADMIN)

    page.goto(f"{site}/audience/visitors")
    page.wait_for_load_state("networkidle")

    fonts = page.evaluate(
        "[...document.fonts].filter(font => font.status === 'loaded').map(font => font.family)"
    )
    assert len(fonts) == 2


def test_a_page_of_an_error_is_compressed(client_as: Callable[[Role], FlaskClient]):
    answer = client_as(Role.ADMIN).get("/no/such/page", headers={"Accept-Encoding": "gzip"})

    assert answer.status_code == 404
    assert answer.headers["Content-Encoding"] == "gzip"
