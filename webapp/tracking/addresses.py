"""Where a short link leads: the stored address as it was typed, and what is added to it on the way.

An address is never parsed and built anew: shops sign theirs, and the same query in another spelling
is another one to them. What is added stands behind it, before its fragment.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode

import idna

# The signs of an address that stay as they are; all others are written by their bytes.
SIGNS = "".join(chr(number) for number in range(33, 127))
PARTS = re.compile(
    r"(?P<before>[^:/?#]+://(?:[^/?#\\]*@)?)(?P<host>[^/?#\\:]*)(?P<rest>.*)", re.DOTALL
)
CAMPAIGN = re.compile(r"[?&]utm_[a-z]+=", re.IGNORECASE)


def sent_to(address: str) -> str:
    """Return an address as it stands in a header: its host by IDNA 2008, the rest by its bytes."""
    found = PARTS.fullmatch(address)
    if found is None:
        return quote(address, safe=SIGNS)
    host = _plain_host(found["host"])
    return quote(f"{found['before']}{host}{found['rest']}", safe=SIGNS)


def _plain_host(host: str) -> str:
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        # Such as emoji, which IDNA 2008 leaves out and registries sold all the same.
        return ".".join(map(_plain_label, host.split(".")))


def _plain_label(label: str) -> str:
    return label if label.isascii() else f"xn--{label.lower().encode('punycode').decode()}"


def with_campaign(address: str, values: Mapping[str, str]) -> str:
    """Return an address with campaign parameters, unless it has some of its own."""
    return address if CAMPAIGN.search(address.partition("#")[0]) else extended(address, values)


def extended(address: str, values: Mapping[str, str]) -> str:
    """Return an address with parameters behind its query, all else left as it is."""
    head, mark, fragment = address.partition("#")
    if not values:
        return address
    joint = "" if head.endswith(("?", "&")) else "&" if "?" in head else "?"
    return f"{head}{joint}{urlencode(values)}{mark}{fragment}"
