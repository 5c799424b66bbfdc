"""The headers of every answer to a short link."""

from collections.abc import Mapping

from webapp.kernel.config.settings import Settings

HEADERS = {
    # The address of a short link is of one reader, and none of its target's business.
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
ENCRYPTED = {"Strict-Transport-Security": "max-age=31536000"}


def headers_of(settings: Settings) -> Mapping[str, str]:
    """Return the headers, with one that keeps browsers to HTTPS where the instance has that."""
    return HEADERS | ENCRYPTED if settings.https_only else HEADERS
