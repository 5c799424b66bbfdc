"""A draft as people will see it: beside its editor, and by its private link."""

from flask import Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.acquisition import content, presenting
from webapp.acquisition.answering import headers_of
from webapp.acquisition.models import AcquisitionPage
from webapp.acquisition.presenting import Stage, View
from webapp.acquisition.views.blueprint import blueprint
from webapp.kernel.i18n import _, in_language
from webapp.kernel.runtime import Runtime
from webapp.operators.access import Permission, needs


@blueprint.get("/p/-/draft/<key>")
@needs(Permission.PUBLIC)
def draft(key: str) -> ResponseReturnValue:
    """Show a draft to whoever holds its private link; nothing can be answered there."""
    page = presenting.with_key(g.runtime, key)
    # Anybody can write anything there, and what names no language cannot be spoken.
    language = presenting.language_of(content.read(page.draft), [request.args.get("lang", "")])
    with in_language(spoken(language)):
        view = presenting.by_key(g.runtime, page, language, asked_stage())
        return public(view, preview_key=key)


def public(view: View, status: int = 200, leads_to: str = "", **more: object) -> Response:
    """Return a page for people, with headers of its own."""
    body = render_template("acquisition/public.html", view=view, **more)
    response = make_response(body, status)
    response.headers.update(headers_of(leads_to, listed=view.is_live and status == OK))
    return response


OK = 200


def of_draft(runtime: Runtime, page: AcquisitionPage, language: str, stage: Stage) -> View:
    """Return what the editor shows beside itself, in the language of the page."""
    with in_language(spoken(language)):
        return presenting.preview(runtime, page, language, stage)


def asked_stage() -> Stage:
    """Return which stage the address asks for."""
    given = request.args.get("stage", "")
    return Stage(given) if given in set(Stage) else Stage.BEFORE


def stages() -> list[tuple[Stage, str]]:
    """Return the stages by what operators call them."""
    return [
        (Stage.BEFORE, _("Before")),
        (Stage.ASKED, _("Signed in")),
        (Stage.THANKS, _("Thanks")),
    ]


def spoken(code: str) -> str:
    """Return the code of a language as the catalogues name it."""
    return code.replace("-", "_")
