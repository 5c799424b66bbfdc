"""What every template may use: hashed addresses of static files, the language."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, request, url_for

from webapp.kernel.text.formats import language

HASH_LENGTH = 12


def init(app: Flask) -> None:
    """Offer the helpers to templates and let hashed static files be kept for a year."""
    app.jinja_env.globals.update(
        static=static,
        page_language=language,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 31_536_000


def static(path: str) -> str:
    """Return the address of a static file with the hash of its content."""
    under = request.script_root if request else ""
    return _address(path, str(current_app.static_folder), under)


@lru_cache(maxsize=512)
def _address(path: str, folder: str, _under: str) -> str:
    """Return the address as it is below the place where the instance is mounted.

    A page has a symbol in each row and button, and each would be hashed and built anew.
    """
    content = (Path(folder) / path).read_bytes()
    return url_for("static", filename=path, v=hashlib.sha256(content).hexdigest()[:HASH_LENGTH])
