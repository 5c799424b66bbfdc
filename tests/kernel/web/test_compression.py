"""What is compressed, and what stays as it is."""

import gzip

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from webapp.kernel.web.compression import compress
from webapp.operators.access import Permission, needs

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
SHEET = "/static/css/base.css"


def test_a_file_arrives_compressed_and_whole(client: FlaskClient):
    plain = client.get("/static/app.js")
    packed = client.get("/static/app.js", headers=GZIP)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)


def test_a_browser_that_does_not_ask_for_it_gets_it_plain(client: FlaskClient):
    answer = client.get(SHEET)

    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_file_that_the_browser_has_is_not_sent_again(client: FlaskClient):
    tag = client.get(SHEET, headers=GZIP).headers["ETag"]

    again = client.get(SHEET, headers=GZIP | {"If-None-Match": tag})

    assert again.status_code == 304
    assert again.data == b""


@pytest.mark.parametrize("path", ["/healthz", "/static/vendor/inter-5.3.0-latin.woff2"])
def test_what_is_small_or_packed_already_stays_as_it_is(client: FlaskClient, path: str):
    answer = client.get(path, headers=GZIP)

    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("name", ["favicon.svg", "app.js"])
def test_a_file_is_closed_once_it_was_read(app: Flask, name: str):
    with app.test_request_context(headers=GZIP):
        answer = app.send_static_file(name)
        file = answer.response.file
        compress(answer)

    assert file.closed


def test_what_is_streamed_is_not_held_back(app: Flask, client: FlaskClient):
    @needs(Permission.PUBLIC)
    def drops() -> Response:
        return Response((f"{number:0500}" for number in range(3)), mimetype="text/html")

    app.add_url_rule("/drops", "drops", drops)

    with client.get("/drops", headers=GZIP, buffered=False) as answer:
        assert answer.is_streamed
        assert "Content-Encoding" not in answer.headers


def test_the_size_of_a_page_tells_nothing_of_its_secrets(admin: FlaskClient):
    sizes = {len(admin.get("/profile", headers=GZIP).data) for _visit in range(12)}

    assert len(sizes) > 1
