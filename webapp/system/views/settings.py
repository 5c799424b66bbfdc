"""The settings pages: plugins, audit, system health."""

from flask import Response, g, request

from channels import CONTRACT, ENTRY_POINT_GROUP
from webapp.kernel.text.cleaning import whole
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs
from webapp.services import listing
from webapp.system import health
from webapp.system.audit import journal, wording
from webapp.system.views.blueprint import blueprint
from webapp.system.web import about

LONGEST = 3_650


@blueprint.get("/settings")
@needs(Permission.VIEW)
def settings() -> Response:
    """Show what can be set and where, and what this instance is."""
    return htmx.render("system/general.html", about=about.instance(g.runtime))


@blueprint.get("/settings/plugins")
@needs(Permission.ADMIN)
def plugins() -> Response:
    """Show every plugin, what it can do, and why a broken one was left out."""
    return htmx.render(
        "system/plugins.html",
        plugins=g.runtime.registry.describe(),
        channels={channel.kind: channel for channel in g.runtime.registry},
        services=listing.summaries(g.runtime),
        api_version=CONTRACT,
        group=ENTRY_POINT_GROUP,
    )


@blueprint.get("/settings/audit")
@needs(Permission.ADMIN)
def audit() -> Response:
    """Show who changed what, newest first, paged by key."""
    query = journal.Query(
        words=request.args.get("q", ""),
        actor=request.args.get("who", ""),
        action=request.args.get("what", ""),
        of=request.args.get("of", ""),
        days=request.args.get("when", type=lambda text: min(whole(text), LONGEST)),
        before=request.args.get("before", type=whole),
    )
    return htmx.render(
        "system/audit.html",
        fragment="system/_audit.html",
        found=journal.search(g.runtime, query),
        query=query,
        choices=journal.choices(g.runtime),
        words=wording.words,
        detail=wording.detail,
    )


@blueprint.get("/settings/health")
@needs(Permission.VIEW)
def health_page() -> Response:
    """Show the background processes, the broker and the database."""
    return htmx.render(
        "system/health.html", fragment="system/_health.html", report=health.report(g.runtime)
    )
