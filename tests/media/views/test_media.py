"""The page of the library, and the pictures themselves."""

import re
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from tests.support.media import picture
from webapp.kernel.runtime import Runtime
from webapp.media import library
from webapp.media.models import MediaFile


def test_a_picture_is_brought_described_and_deleted(marketer: FlaskClient, runtime: Runtime):
    data = {"picture": (BytesIO(picture()), "door.png"), "alt": "A door"}
    assert marketer.post("/media", data=data).status_code == 303
    file = runtime.session.query(MediaFile).one()
    assert "A door" in marketer.get("/media").text

    marketer.post(f"/media/{file.id}", data={"alt": "A red door"})
    assert "A red door" in marketer.get("/media").text

    marketer.post(f"/media/{file.id}/remove")
    assert "No picture yet" in marketer.get("/media").text


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(marketer: FlaskClient):
    data = {"picture": (BytesIO(b"no picture"), "door.png"), "alt": "A door that I described"}
    answer = marketer.post("/media", data=data)

    assert answer.status_code == 422
    assert re.search(r'class="form-err" id="picture-below">This is no picture', answer.text)
    assert "A door that I described" in answer.text


def test_a_picture_is_shown_to_who_is_signed_in_and_is_no_page(
    client: FlaskClient, marketer: FlaskClient, runtime: Runtime
):
    address = f"/media/files/{library.bring(runtime, picture()).sha256}"

    shown = marketer.get(address)
    assert (shown.status_code, shown.content_type) == (200, "image/png")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert shown.headers["Cache-Control"].startswith("private")
    assert marketer.get("/media/files/" + "0" * 64).status_code == 404


@pytest.mark.parametrize("path", ["/media", "/media/files/" + "0" * 64])
def test_nobody_else_sees_pictures(client: FlaskClient, path: str):
    assert client.get(path).status_code in (302, 303)
