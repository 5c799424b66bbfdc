"""Headers and cookies that hold in every answer, and the protection against forged requests."""

from collections.abc import Sequence

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from channels.pictures import lies_in
from webapp.kernel.config.settings import Settings
from webapp.kernel.web import cookies

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:{pictures}; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

csrf = CSRFProtect()


def init(app: Flask, settings: Settings, image_hosts: Sequence[str] = ()) -> None:
    """Set cookie flags, the trusted proxies, forged-request protection and the headers.

    Browsers load pictures from this site and from `image_hosts`, those of the channels.
    """
    app.config.update(
        SESSION_COOKIE_NAME="fanfare",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https_only,
        REMEMBER_COOKIE_NAME="fanfare_stay",
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=settings.https_only,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=16 * 1024 * 1024,
    )
    app.wsgi_app = cookies.below(app.wsgi_app)  # type: ignore[assignment,method-assign]  # the documented way
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as above
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    app.before_request(_bound_form)
    csrf.init_app(app)
    app.after_request(_headers)
    _pictures(app, image_hosts)
    if settings.https_only:
        app.after_request(_encrypted)


def _pictures(app: Flask, hosts: Sequence[str]) -> None:
    """Tell browsers whose pictures to load, and let pages show initials in place of others."""
    policy = POLICY.format(pictures="".join(f" https://{host}" for host in hosts))

    @app.after_request
    def say(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    app.jinja_env.globals["picture"] = lambda url: url if url and lies_in(url, hosts) else None


def _bound_form() -> None:
    """Bound a form without files: its fields are read whole, before anybody has to log in."""
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = request.max_form_memory_size


def inside(target: str, otherwise: str) -> str:
    """Return `target` if it is a page of this site, and `otherwise` for anything else.

    Browsers drop tabs and line ends from an address, and take a backslash for a slash.
    """
    plain = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if plain and target.isprintable() else otherwise


def _encrypted(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if "Cache-Control" not in response.headers:
        # Pages hold people's data; no shared cache and no back button after log-out keeps them.
        response.headers["Cache-Control"] = "no-store"
    return response
