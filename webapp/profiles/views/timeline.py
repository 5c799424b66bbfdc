"""The page of all that happened with the person of a profile."""

from itertools import groupby

from flask import Response, g, request

from webapp.audience.views.card import ShownEvent
from webapp.kernel.text.formats import local
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs
from webapp.profiles import languages
from webapp.profiles import timeline as moments
from webapp.profiles.moments import Edge
from webapp.profiles.views.blueprint import blueprint
from webapp.profiles.views.show import page


@blueprint.get("/audience/profiles/<int:profile_id>/timeline")
@needs(Permission.VIEW)
def timeline(profile_id: int) -> Response:
    """Show a page of it; an address that names no place shows the newest."""
    shown, before = page(profile_id), Edge.read(request.args.get("before", ""))
    visitors = [visitor.id for visitor in shown.visitors]
    found, following = moments.page(g.runtime, shown.profile, visitors, before)
    days = groupby(found, key=lambda moment: local(moment.event.at).date())
    return htmx.render(
        "profiles/timeline.html",
        page=shown,
        profile=shown.profile,
        language_name=languages.name,
        days=[(day, [ShownEvent(item.event, "") for item in items]) for day, items in days],
        before=before,
        next=following,
    )
