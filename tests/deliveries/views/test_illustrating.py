"""Pictures are added to a draft on its page, with and without scripts; nothing typed is lost."""

import re
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import object_session

from tests.deliveries.views.test_thread_editor import HTMX, typed
from tests.support.composer import address, fresh
from tests.support.deliveries import saying
from tests.support.factories import make_delivery
from tests.support.fakes import FakeNetwork
from tests.support.media import picture, show, takes_pictures
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.kernel.runtime import Runtime
from webapp.media import library
from webapp.services.models import Service


@pytest.fixture
def draft(runtime: Runtime, network: FakeNetwork, service: Service) -> Delivery:
    takes_pictures(network)
    post = make_delivery(runtime, service, kind=DeliveryKind.POST)
    return saying(runtime, post, ["One.", "Two."])


def sent(client: FlaskClient, delivery: Delivery, wish: str, data: bytes = b"", **more):
    """What the page sends when a button of a picture is pressed."""
    form = typed(delivery, "One, typed.", "Two, typed.") | {"media": wish} | more
    part, path = wish.split("-")[1], f"/deliveries/{delivery.id}/compose/media"
    # Whoever still reads here would keep the page from writing.
    if session := object_session(delivery):
        session.rollback()
    headers = form.pop("headers", None)
    return client.post(
        path,
        data=form | {f"picture-{part}": (BytesIO(data), "door.png")},
        content_type="multipart/form-data",
        headers=headers,
    )


def test_a_picture_is_added_and_what_was_typed_is_saved(
    marketer: FlaskClient, runtime: Runtime, draft: Delivery
):
    answer = sent(marketer, draft, "bring-1", picture())

    kept = fresh(runtime, draft)
    assert (answer.status_code, answer.location.partition("#")[2]) == (303, "media-2")
    assert [part.text for part in kept.parts] == ["One, typed.", "Two, typed."]
    assert [len(items) for items in kept.media] == [0, 1]
    page = marketer.get(address(kept)).text
    file = re.findall(r'src="(/media/files/[0-9a-f]{64})"', page)
    # In the editor and in the preview.
    assert len(file) == 2
    assert "has no words for who does not see it" in page


def test_with_scripts_the_editor_shows_the_picture_in_place(marketer: FlaskClient, draft: Delivery):
    answer = sent(marketer, draft, "bring-0", picture(), headers=HTMX)

    assert answer.status_code == 200
    assert 'id="media-1" hx-swap-oob="outerHTML"' in answer.text
    assert "What picture 1 shows" in answer.text
    assert "The picture is added." in answer.text


@pytest.mark.parametrize("headers", [None, HTMX], ids=["without scripts", "with scripts"])
def test_what_is_no_picture_is_told_beside_its_field(
    marketer: FlaskClient, runtime: Runtime, draft: Delivery, headers: dict | None
):
    answer = sent(marketer, draft, "bring-1", b"no picture", headers=headers)

    assert answer.status_code == 422
    below = re.search(r'id="picture-2-below"[^>]*>([^<]+)<', answer.text)
    assert below
    assert "This is no picture" in below[1]
    assert [part.text for part in fresh(runtime, draft).parts] == ["One, typed.", "Two, typed."]


def test_the_words_of_a_picture_are_saved_as_they_are_typed(
    marketer: FlaskClient, runtime: Runtime, draft: Delivery
):
    shown = show(runtime, draft, 0)
    name = f"alt-{next(iter(shown.alts))}"
    marketer.post(address(shown), data=typed(shown, "One.", "Two.") | {name: "A red door"})

    assert fresh(runtime, draft).media[0][0].alt == "A red door"

    long = typed(fresh(runtime, draft), "One.", "Two.") | {name: "x" * 1_001}
    refused = marketer.post(address(shown), data=long)
    assert refused.status_code == 422
    assert "x" * 1_001 in refused.text
    assert f'id="below-{name}"' in refused.text
    assert fresh(runtime, draft).media[0][0].alt == "A red door"


def test_a_picture_is_taken_from_the_library_and_moved(
    marketer: FlaskClient, runtime: Runtime, draft: Delivery
):
    first = library.bring(runtime, picture(), "door.png", "A door").sha256
    other = library.bring(runtime, picture(1), "wall.png").sha256
    runtime.session.rollback()
    page = f"/deliveries/{draft.id}/compose/media"
    assert "wall.png" in marketer.get(f"{page}?part=1").text
    for digest in (first, other):
        taken = marketer.post(f"{page}/take", data={"part": 1, "digest": digest})
        assert taken.status_code == 303

    moved = sent(marketer, fresh(runtime, draft), "left-1-1")
    assert moved.status_code == 303, moved.text

    found = fresh(runtime, draft).media[1]
    assert [item.sha256 for item in found] == [other, first]
    assert found[1].alt == "A door"


@pytest.mark.parametrize("wish", ["", "bring", "left-0-7", "drop-9-0", "bring-0-0-0", "fly-0"])
def test_an_odd_wish_is_refused_in_words(marketer: FlaskClient, draft: Delivery, wish: str):
    form = typed(draft, "One.", "Two.") | {"media": wish}
    answer = marketer.post(f"/deliveries/{draft.id}/compose/media", data=form)

    assert answer.status_code == 422
    assert "Open the page again" in answer.text or "Choose a picture" in answer.text
