"""Keys that were pasted outlive an error for some minutes: networks show some of them only once.

They stay encrypted in the browser they came from, in a cookie that no script and no other page
reads, and are for the one operator and the one form. No page shows them again.
"""

import json
from collections.abc import Mapping

from flask import Response, current_app, g, request

from webapp.operators.auth import current_operator

COOKIE = "fanfare_pasted"
SECONDS = 15 * 60
# Browsers keep no cookie of more than 4,096 bytes; keys that long have to be pasted again.
LARGEST = 3_800


def held(place: str) -> dict[str, str]:
    """Return the keys that were pasted into the form at the address `place` a moment ago."""
    opened = g.runtime.secret_box.fresh(request.cookies.get(COOKIE, ""), SECONDS)
    found = json.loads(opened) if opened else {}
    return dict(found["keys"]) if found and found["owner"] == _owner(place) else {}


def hold(answer: Response, place: str, keys: Mapping[str, str]) -> Response:
    """Let the browser hold keys that could not be stored yet."""
    text = json.dumps({"owner": _owner(place), "keys": dict(keys)})
    ciphertext = g.runtime.secret_box.encrypt(text).decode()
    if keys and len(ciphertext) <= LARGEST:
        answer.set_cookie(
            COOKIE,
            ciphertext,
            max_age=SECONDS,
            path=place,
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            samesite="Lax",
        )
    return answer


def let_go(answer: Response, place: str) -> Response:
    """Take the keys back from the browser once they are stored."""
    answer.delete_cookie(COOKIE, path=place)
    return answer


def _owner(place: str) -> str:
    operator = current_operator()
    return f"{operator.id if operator else 0} {place}"
