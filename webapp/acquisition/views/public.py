"""The pages that people read: without script, in their language, with headers of their own.

A cookie is set while somebody signs in, and holds nothing but a number that nobody guesses.
"""

import math
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.acquisition import counting, pictures, presenting, publishing, visits
from webapp.acquisition.answering import headers_of
from webapp.acquisition.presenting import Stage
from webapp.acquisition.publishing import Reading, Shown
from webapp.acquisition.views.blueprint import blueprint
from webapp.acquisition.views.previews import public, spoken
from webapp.acquisition.visits import Begins, Closed
from webapp.kernel.errors import FanfareError, NotFound
from webapp.kernel.i18n import _, in_language
from webapp.kernel.web import links
from webapp.kernel.web.security import csrf
from webapp.operators.access import Permission, needs
from webapp.operators.authentication.throttle import TooSoon
from webapp.tracking import fetchers

COOKIE = "fanfare_visit"
LONGEST_SOURCE = 400


@blueprint.get("/p/<slug>")
@needs(Permission.PUBLIC)
def public_page(slug: str) -> ResponseReturnValue:
    """Show a page; whoever opens it is counted, programs apart from people."""
    try:
        shown = visits.by_slug(g.runtime, slug)
    except NotFound:
        return said(_("There is no such page."), HTTPStatus.NOT_FOUND)
    source = asked_source()
    language = language_of(shown)
    if shown.reading is not Reading.OPEN:
        with in_language(spoken(language)):
            return not_open(shown)
    counting.viewed(
        g.runtime, shown.page, source, fetchers.rule_of(request.method, request.headers)
    )
    address = visits.leads_to(g.runtime, shown)
    with in_language(spoken(language)):
        view = presenting.drawn(
            g.runtime, shown.page, shown.content, language, Stage.BEFORE, is_live=True
        )
        response = public(view, leads_to=address, source=counting.named(source))
    response.vary.add("Accept-Language")
    return response


@blueprint.post("/p/<slug>/start")
@csrf.exempt  # type: ignore[untyped-decorator]  # flask-wtf ships no types
@needs(Permission.PUBLIC)
def public_start(slug: str) -> ResponseReturnValue:
    """Lead somebody to their network, which asks them who they are."""

    def begin() -> ResponseReturnValue:
        shown = visits.by_slug(g.runtime, slug)
        back = url_for("acquisition.public_back", kind=shown.page.service.kind)
        begins = Begins(
            language=language_of(shown),
            source=asked_source(),
            redirect_uri=links.link(g.runtime.settings, back),
            address=request.remote_addr or "",
            before=holder(),
            takes_back="take_back" in request.args,
        )
        address, held = visits.begin(g.runtime, slug, begins)
        response = redirect(address, code=HTTPStatus.SEE_OTHER)
        response.headers.update(headers_of(address))
        _keep(response, held)
        return response

    return or_said(begin)


def _keep(response: Any, holder: str) -> None:
    """Let the browser hold its number, for the pages of people alone and no longer than it lasts.

    The network leads back from another site, so `Strict` would keep the number away.
    """
    response.set_cookie(
        COOKIE,
        holder,
        max_age=int(visits.LASTS.total_seconds()) if holder else 0,
        path=f"{request.script_root}/p/",
        secure=g.runtime.settings.https_only,
        httponly=True,
        samesite="Lax",
    )


@blueprint.get("/p/<slug>/picture/<digest>")
@needs(Permission.PUBLIC)
def picture(slug: str, digest: str) -> ResponseReturnValue:
    """Show the picture of a page, which never changes below its address."""
    try:
        found = pictures.by_digest(g.runtime, slug, digest)
    except NotFound:
        return said(_("There is no such page."), HTTPStatus.NOT_FOUND)
    response = make_response(found.data)
    response.headers.update(headers_of())
    response.headers["Content-Type"] = found.kind
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def asked_source() -> str:
    """Return where somebody says they come from; anybody can say anything."""
    return request.args.get("src", "")[:LONGEST_SOURCE]


def language_of(shown: Shown) -> str:
    """Return the language that somebody chose, or else reads."""
    wanted = [request.args.get("lang", ""), *(code for code, _q in request.accept_languages)]
    return presenting.language_of(shown.content, [code for code in wanted if code])


def holder() -> str:
    """Return what this browser holds of a sign-in."""
    return request.cookies.get(COOKIE, "")[:LONGEST_SOURCE]


def forget_holder(response: Response) -> Response:
    """Let the browser forget its number."""
    _keep(response, "")
    return response


def or_said(act: Callable[[], ResponseReturnValue], again: str = "") -> ResponseReturnValue:
    """Do something, or say to whoever asked why it was not done."""
    try:
        return act()
    except TooSoon as slow:
        response = said(slow.message, HTTPStatus.TOO_MANY_REQUESTS, again)
        response.headers["Retry-After"] = str(math.ceil(slow.wait.total_seconds()))
        return response
    except NotFound as fault:
        return said(fault.message, HTTPStatus.NOT_FOUND, again)
    except Closed as fault:
        return said(fault.message, HTTPStatus.GONE)
    except FanfareError as fault:
        g.runtime.session.rollback()
        return said(fault.message, HTTPStatus.CONFLICT, again)


def not_open(shown: Shown) -> Response:
    """Say that a page asks nobody now; what they agreed to they take back all the same."""
    try:
        visits.refuse_closed(shown)
    except Closed as fault:
        if shown.reading is Reading.SOON:
            return said(fault.message, HTTPStatus.OK, starts_at=shown.content.starts_at)
        # Whoever opens it may have been asked before: of them something is kept.
        return said(_("This page is closed."), HTTPStatus.GONE, **_way_back(shown))
    raise AssertionError(shown.reading)


def _way_back(shown: Shown) -> dict[str, str]:
    """Return where somebody signs in to take something back; nothing where nobody can."""
    if publishing.sign_in_lacks(g.runtime, shown.page):
        return {}
    return {"take_back": shown.page.slug, "leads_to": visits.leads_to(g.runtime, shown)}


def said(sentence: str, status: HTTPStatus, again: str = "", **more: object) -> Response:
    """Return a page that says one thing; `again` is where somebody may begin anew."""
    body = render_template("acquisition/said.html", said=sentence, again=again, **more)
    response = make_response(body, status)
    response.headers.update(headers_of(str(more.get("leads_to", ""))))
    return response
