"""What every template may use: hashed addresses of static files, the language."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, url_for

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
    folder = Path(str(current_app.static_folder))
    return url_for("static", filename=path, v=_digest(folder / path))


@lru_cache(maxsize=256)
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:HASH_LENGTH]
