"""Compresses what browsers get, so that a first visit is light without a proxy in front."""

import gzip
import secrets
from functools import lru_cache
from io import BytesIO

from flask import Flask, Response, request

COMPRESSIBLE = frozenset(
    {
        "application/json",
        "application/javascript",
        "image/svg+xml",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)
SMALLEST = 500
MOST_PADDING = 64
OK = 200
# Pages of errors are pages too.
FAULTS = range(400, 600)


def init(app: Flask) -> None:
    """Compress every answer that is worth it, for browsers that understand it."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Return the answer compressed; one that is streamed, partial or small stays as it is."""
    if response.mimetype not in COMPRESSIBLE:
        return response
    response.vary.add("Accept-Encoding")
    if not _may(response):
        return response
    file = response.direct_passthrough
    response.direct_passthrough = False
    data = response.get_data()
    if file:
        response.close()  # it was read whole, and where something fails later nobody closes it
    if len(data) < SMALLEST:
        return response
    response.set_data(_of_file(data) if file else _of_page(data))
    response.headers["Content-Encoding"] = "gzip"
    tag, _weak = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)
    return response


def _may(response: Response) -> bool:
    streamed = response.is_streamed and not response.direct_passthrough
    return (
        (response.status_code == OK or response.status_code in FAULTS)
        and request.method == "GET"
        and not streamed
        and "Content-Encoding" not in response.headers
        and request.accept_encodings.quality("gzip") > 0
    )


@lru_cache(maxsize=128)
def _of_file(data: bytes) -> bytes:
    """Compress a static file as far as it goes, once."""
    return gzip.compress(data, 9, mtime=0)


def _of_page(data: bytes) -> bytes:
    """Compress a page; a name of random length hides what its size would tell of its secrets."""
    packed = BytesIO()
    name = "f" * secrets.randbelow(MOST_PADDING)
    with gzip.GzipFile(filename=name, mode="wb", compresslevel=5, fileobj=packed, mtime=0) as file:
        file.write(data)
    return packed.getvalue()
