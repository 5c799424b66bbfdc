"""Somebody who answers on the page of Sandbox X that asks whether an app may use an account."""

from urllib.parse import parse_qs, urlsplit

import requests

SECONDS = 9


def answer(address: str, **given: str | list[str]) -> dict[str, str]:
    """Open an address and answer; return what the app is told by the address that leads back.

    All is allowed as the brand, where `given` says nothing else: `handle`, `allowed`, `refuse`.
    """
    page = requests.get(address, timeout=SECONDS)
    assert "Authorise app" in page.text, page.text
    asked = {name: texts[0] for name, texts in parse_qs(urlsplit(address).query).items()}
    chosen = {"handle": "ateliernord", "allowed": asked["scope"].split(), "allow": "1", **given}
    back = requests.post(
        address.partition("?")[0],
        data={**asked, **chosen},
        allow_redirects=False,
        timeout=SECONDS,
    )
    where = back.headers["Location"]
    assert where.startswith(asked["redirect_uri"])
    return {name: texts[0] for name, texts in parse_qs(urlsplit(where).query).items()}
