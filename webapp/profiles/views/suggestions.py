"""What operators are asked: whose shared data these are, and who may be one person."""

from flask import Response, g, request

from webapp.kernel.text.cleaning import LARGEST
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs
from webapp.profiles import fields
from webapp.profiles.reconciliation import linking, suggestions
from webapp.profiles.reconciliation.suggestions import Place
from webapp.profiles.views.blueprint import blueprint

START: Place = (0, 0)


@blueprint.get("/audience/profiles/who-is-who")
@needs(Permission.VIEW)
def who_is_who() -> Response:
    """Show what waits, and pairs of the same name."""
    waiting = suggestions.waiting(g.runtime)
    return htmx.render(
        "profiles/who_is_who.html",
        asked=[
            (
                row,
                linking.of_visitor(g.runtime, row.visitor_id),
                suggestions.for_visitor(g.runtime, row.visitor),
            )
            for row in waiting
        ],
        pairs=suggestions.page(g.runtime, _place(request.args.get("after", ""))),
        days=g.runtime.settings.waiting_contact_days,
        labels={label.name: label.words for label in fields.every(g.runtime)},
    )


def _place(text: str) -> Place:
    """Read a place from an address; one that is none is the beginning."""
    first, _dot, second = text.partition(".")
    if not (first.isdecimal() and second.isdecimal()):
        return START
    return min(int(first), LARGEST), min(int(second), LARGEST)
