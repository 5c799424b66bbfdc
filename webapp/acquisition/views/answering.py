"""Somebody who signed in is asked, accepts, refuses, or takes back what they agreed to."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from flask import Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from channels import ChannelError
from webapp.acquisition import (
    answers,
    asked,
    confirming,
    presenting,
    returning,
    taking_back,
    visits,
)
from webapp.acquisition.answering import headers_of
from webapp.acquisition.answers import Accepted
from webapp.acquisition.models import PageKind
from webapp.acquisition.presenting import Person, Stage
from webapp.acquisition.returning import Signed
from webapp.acquisition.views.blueprint import blueprint
from webapp.acquisition.views.previews import public, spoken
from webapp.acquisition.views.public import forget_holder, holder, or_said, said
from webapp.audience.models import ConsentScope
from webapp.kernel.errors import FanfareError, Invalid, NotFound
from webapp.kernel.i18n import _, in_language
from webapp.kernel.text.naming import written
from webapp.kernel.web.security import csrf
from webapp.operators.access import Permission, needs
from webapp.services.connection.signing_in import Returned

FAULTS: Mapping[type[Exception], HTTPStatus] = {
    visits.Closed: HTTPStatus.GONE,
    returning.Refused: HTTPStatus.OK,
}


@blueprint.get("/p/-/back/<kind>")
@needs(Permission.PUBLIC)
def public_back(kind: str) -> ResponseReturnValue:
    """Take what somebody comes back with; the address with it is left at once."""
    returned = Returned(
        state=request.args.get("state", ""),
        code=request.args.get("code", ""),
        error=request.args.get("error", ""),
    )
    try:
        page = returning.come_back(g.runtime, kind, holder(), returned, request.remote_addr or "")
    except (FanfareError, ChannelError) as fault:
        g.runtime.session.rollback()
        # Anybody can lead a browser here, so the number that it holds is not thrown away for that.
        return said(str(fault.message), FAULTS.get(type(fault), HTTPStatus.CONFLICT))
    response = redirect(url_for("acquisition.public_asked", slug=page.slug), HTTPStatus.SEE_OTHER)
    response.headers.update(headers_of())
    return response


@blueprint.get("/p/<slug>/answer")
@needs(Permission.PUBLIC)
def public_asked(slug: str) -> ResponseReturnValue:
    """Ask somebody who signed in; whoever did not is led to the page."""
    try:
        shown = visits.by_slug(g.runtime, slug)
        if not visits.takes_back(g.runtime, holder()):
            visits.refuse_late(g.runtime, shown, holder())
        signed = returning.signed_in(g.runtime, slug, holder())
    except NotFound:
        return redirect(url_for("acquisition.public_page", slug=slug), HTTPStatus.SEE_OTHER)
    except visits.Closed as fault:
        return forget_holder(said(fault.message, HTTPStatus.GONE))
    return _held(signed) if signed.visit.takes_back else _asked(signed, Accepted())


@blueprint.post("/p/<slug>/answer")
@csrf.exempt  # type: ignore[untyped-decorator]  # flask-wtf ships no types
@needs(Permission.PUBLIC)
def public_answer(slug: str) -> ResponseReturnValue:
    """Keep what somebody accepts, or nothing; the form holds what their browser alone knows."""
    again = url_for("acquisition.public_page", slug=slug)

    def act() -> ResponseReturnValue:
        shown, answer = visits.by_slug(g.runtime, slug), request.form.get("answer", "")
        # A no is taken also where a page asks nobody any more.
        if answer == "accept":
            visits.refuse_late(g.runtime, shown, holder())
        signed = returning.signed_in(g.runtime, slug, holder())
        if request.form.get("visit") != visits.form_key(holder()):
            raise NotFound(_("This sign-in is over. Begin a new one."))
        with in_language(spoken(signed.visit.language)):
            return _answered(signed, answer)

    return or_said(act, again)


def _answered(signed: Signed, answer: str) -> ResponseReturnValue:
    if answer == "take_back":
        taking_back.take_back(g.runtime, signed)
        words = _("It is taken back. Nobody here writes to you because of it any more.")
        return forget_holder(said(words, HTTPStatus.OK))
    if signed.visit.takes_back:
        # Nothing was asked, so nothing is accepted.
        returning.refuse(g.runtime, signed)
        return forget_holder(said(_("Nothing has changed."), HTTPStatus.OK))
    if answer != "accept":
        returning.refuse(g.runtime, signed)
        words = _("You refused. Nothing of you is kept, not even your username.")
        return forget_holder(said(words, HTTPStatus.OK))
    accepted = _accepted(signed)
    try:
        answers.accept(g.runtime, signed, accepted)
    except Invalid as fault:
        g.runtime.session.rollback()
        return _asked(signed, accepted, fault.fields, HTTPStatus.UNPROCESSABLE_ENTITY)
    # Their visit is over, and could be read no more once a mail that came too soon was put off.
    slug, language = signed.shown.page.slug, signed.visit.language
    mailed = "sent" if confirming.ask(g.runtime, signed, accepted) else None
    at = url_for("acquisition.public_thanks", slug=slug, lang=language, mail=mailed)
    response = redirect(at, HTTPStatus.SEE_OTHER)
    response.headers.update(headers_of())
    return forget_holder(response)  # type: ignore[arg-type]  # werkzeug's own kind of response


@blueprint.get("/p/<slug>/thanks")
@needs(Permission.PUBLIC)
def public_thanks(slug: str) -> ResponseReturnValue:
    """Thank whoever accepted; the page says the same to everybody."""
    try:
        shown = visits.by_slug(g.runtime, slug)
    except NotFound:
        return said(_("There is no such page."), HTTPStatus.NOT_FOUND)
    language = presenting.language_of(shown.content, [request.args.get("lang", "")])
    with in_language(spoken(language)):
        view = presenting.drawn(
            g.runtime,
            shown.page,
            shown.content,
            language,
            Stage.THANKS,
            is_live=True,
            note=_("A mail is on its way to the address you typed. Please follow its link.")
            if "mail" in request.args
            else "",
        )
        return public(view)


def _held(signed: Signed) -> Response:
    """Show somebody who came for it what they can take back."""
    with in_language(spoken(signed.visit.language)):
        held = taking_back.held(g.runtime, signed)
        if not held:
            returning.refuse(g.runtime, signed)
            return forget_holder(said(_("You agreed to nothing here that holds."), HTTPStatus.OK))
        names = {
            ConsentScope.PROFILE: _("What you shared of yourself"),
            ConsentScope.MESSAGES: _("Direct messages"),
            ConsentScope.EMAIL: _("E-mail"),
        }
        return said(
            _("What you can take back"),
            HTTPStatus.OK,
            held=[names[scope] for scope in held],
            slug=signed.shown.page.slug,
            visit=visits.form_key(holder()),
        )


def _accepted(signed: Signed) -> Accepted:
    names = {name: name.replace(".", "-") for name in signed.shown.content.fields}
    return Accepted(
        switched=frozenset(request.form.getlist("share")),
        typed={
            name: request.form[f"value-{code}"]
            for name, code in names.items()
            if f"value-{code}" in request.form and _is_typed(signed, name)
        },
        scopes=frozenset(request.form.getlist("agree")),
    )


def _is_typed(signed: Signed, name: str) -> bool:
    """Tell whether a page lets somebody type a field: it shows what it was told, with a switch."""
    return signed.shown.page.kind is PageKind.FORM or not signed.told.values.get(name)


def _asked(
    signed: Signed,
    accepted: Accepted,
    faults: Mapping[str, str] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    """Draw what somebody is asked; nothing is switched on but what they switched on before."""
    language, shown = signed.visit.language, signed.shown
    words = shown.content.in_language(language)
    kind = shown.page.service.kind
    with in_language(spoken(language)):
        held = taking_back.held(g.runtime, signed)
        fields = presenting.fields_of(g.runtime, shown.content, words, signed.told.values)
        view = presenting.drawn(
            g.runtime,
            shown.page,
            shown.content,
            language,
            Stage.ASKED,
            fields=[_drawn(item, signed, accepted, faults or {}) for item in fields],
            scopes=[
                replace(item, chosen=item.scope.value in accepted.scopes, held=item.scope in held)
                for item in presenting.scopes_of(shown.content, words)
            ],
            person=Person(
                name=signed.told.values.get(asked.NAME, "") or signed.told.handle,
                handle=written(kind, signed.told.handle),
            ),
            is_live=True,
            note=_("You shared something here before. What you accept now is added to it.")
            if ConsentScope.PROFILE in held
            else "",
        )
        response = public(view, status, visit=visits.form_key(holder()), returning=bool(held))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _drawn(
    item: presenting.AskedField, signed: Signed, accepted: Accepted, faults: Mapping[str, str]
) -> presenting.AskedField:
    name = item.field.name
    # What somebody emptied stays empty, else the next click would share it.
    value = accepted.typed.get(name, item.value)
    return replace(
        item,
        value=value,
        chosen=name in accepted.switched,
        withheld=name in signed.told.withheld,
        fault=faults.get(name) or (_name_fault(faults) if name == asked.NAME else ""),
    )


def _name_fault(faults: Mapping[str, str]) -> str:
    """Return what is wrong with a name, of which a profile knows two parts."""
    return faults.get("first_name") or faults.get("last_name", "")
