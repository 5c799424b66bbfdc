"""The headers of every page that people read: nothing from anywhere else, kept by nobody."""

from urllib.parse import urlsplit

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; "
    "form-action 'self'{networks}; frame-ancestors 'none'"
)
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


def headers_of(leads_to: str = "", *, listed: bool = False) -> dict[str, str]:
    """Return the headers of a page; its form may lead on to the origin of one address.

    Browsers hold a form to that also where the answer to it is a redirect. Search engines list a
    page that is online, and nothing of what is one person's.
    """
    origin = _origin(leads_to)
    policy = POLICY.format(networks=f" {origin}" if origin else "")
    robots = {} if listed else {"X-Robots-Tag": "noindex, nofollow"}
    return HEADERS | robots | {"Content-Security-Policy": policy}


def _origin(address: str) -> str:
    parts = urlsplit(address)
    sound = parts.scheme in {"http", "https"} and parts.hostname
    return f"{parts.scheme}://{parts.netloc}" if sound else ""
