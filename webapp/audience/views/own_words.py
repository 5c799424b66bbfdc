"""The settings page of the words that end messages."""

from flask import Response, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from channels import Wish
from channels.vocabulary import languages, sources
from webapp.audience import own_words as use_case
from webapp.audience.forms.own_words import MEANINGS, OwnWordForm
from webapp.audience.views.blueprint import blueprint
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.web import htmx
from webapp.kernel.web.forms import show, text
from webapp.operators.access import Permission, needs


@blueprint.get("/settings/words")
@needs(Permission.ADMIN)
def own_words() -> Response:
    """Show the own words, the form that adds one, and what is built in."""
    return _page(OwnWordForm(), 200)


@blueprint.post("/settings/words")
@needs(Permission.ADMIN)
def add_word() -> ResponseReturnValue:
    """Add a word or phrase."""
    form = OwnWordForm()
    if not form.validate_on_submit():
        return _page(form, htmx.FORM_ERROR)
    try:
        row = use_case.add(g.runtime, text(form.words), Wish(form.meaning.data))
    except Invalid as fault:
        g.runtime.session.rollback()
        show(form, fault.fields)
        return _page(form, htmx.FORM_ERROR)
    flash(_("“%(words)s” is added. Messages kept before are read again.", words=row.words))
    return redirect(url_for("audience.own_words"), code=303)


@blueprint.post("/settings/words/<int:word_id>/remove")
@needs(Permission.ADMIN)
def remove_word(word_id: int) -> ResponseReturnValue:
    """Take a word away."""
    words = use_case.remove(g.runtime, word_id).words
    flash(_("“%(words)s” is removed.", words=words))
    return redirect(url_for("audience.own_words"), code=303)


def _page(form: OwnWordForm, status: int) -> Response:
    return htmx.render(
        "audience/own_words.html",
        form=form,
        rows=use_case.every(g.runtime),
        meanings={wish.value: said for wish, said in MEANINGS.items()},
        languages=languages(),
        sources=sources(),
        status=status,
    )
