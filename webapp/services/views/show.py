"""One service: dashboard, live account, quota and cost, and the doctor."""

from collections.abc import Iterator
from typing import Any

from flask import Response, g, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from channels import Check, CountsAs, Operation
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs
from webapp.services import costs, places
from webapp.services.connection import accounts, doctor, sign_ins, snapshot_refresh
from webapp.services.limits import quota
from webapp.services.models import Service
from webapp.services.views.added import to_head
from webapp.services.views.blueprint import blueprint

# What the network did not say yet is unknown, never zero.
UNREAD = dict.fromkeys(("followers", "following", "post_count", "protected", "avatar_url"))
# What stands at a glance: what is sent, and of the readings that of the audience.
MAIN = (CountsAs.DIRECT, CountsAs.POST)


@blueprint.get("/services/<int:service_id>")
@needs(Permission.VIEW)
def show(service_id: int) -> Response:
    """Show quota, cost, checks and the account at a glance."""
    service = accounts.get(g.runtime, service_id)
    figures = _figures(service)
    return tab_page(
        "services/show.html",
        service,
        move=sign_ins.offer(g.runtime, service),
        needed=places.NEEDED.ask(g.runtime, service),
        overview=places.OVERVIEW.ask(g.runtime, service),
        **figures | {"windows": _main(figures["windows"])},
    )


@blueprint.get("/services/<int:service_id>/account")
@needs(Permission.VIEW)
def account(service_id: int) -> Response:
    """Show the account as it was last read; the page asks for the live one once it stands."""
    service = accounts.get(g.runtime, service_id)
    asking = not snapshot_refresh.is_fresh(g.runtime, service)
    return tab_page("services/account.html", service, asking=asking, unread="")


@blueprint.get("/services/<int:service_id>/account/live")
@needs(Permission.VIEW)
def live_account(service_id: int) -> Response:
    """Ask the network for the account and show what it says."""
    service = accounts.get(g.runtime, service_id)
    unread = snapshot_refresh.read(g.runtime, service)
    part = "services/_live_account.html"
    return tab_page("services/account.html", service, fragment=part, asking=False, unread=unread)


@blueprint.get("/services/<int:service_id>/quota")
@needs(Permission.VIEW)
def quota_and_cost(service_id: int) -> Response:
    """Show every limit and every charge."""
    service = accounts.get(g.runtime, service_id)
    added = places.COSTS.ask(g.runtime, service)
    return tab_page("services/quota.html", service, costs=added, **_figures(service))


@blueprint.post("/services/<int:service_id>/check")
@needs(Permission.WRITE)
def check(service_id: int) -> ResponseReturnValue:
    """Run the doctor; a browser with JavaScript sees each check as it ends."""
    service = accounts.get(g.runtime, service_id)
    if request.headers.get("X-Fanfare-Stream"):
        return Response(
            stream_with_context(_lines(service.id)),
            mimetype="text/html",
            headers={"X-Accel-Buffering": "no"},
        )
    doctor.diagnose(g.runtime, service.id)
    return redirect(url_for("services.show", service_id=service.id), code=303)


def _lines(service_id: int) -> Iterator[str]:
    for item in doctor.diagnose_stream(g.runtime, service_id):
        yield render_template("services/_check.html", check=_plain(item))


def _plain(item: Check) -> dict[str, object]:
    return {
        "label": item.label,
        "state": item.state.value,
        "detail": item.detail,
        "fix": item.fix,
        "milliseconds": item.milliseconds,
    }


def _main(windows: list[quota.LimitUsage]) -> list[quota.LimitUsage]:
    """Return the limits that set the pace of deliveries and of the synchronisation."""
    ranked = [(_rank(item), item) for item in windows]
    return [item for rank, item in sorted(ranked, key=lambda pair: pair[0]) if rank <= len(MAIN)]


def _rank(item: quota.LimitUsage) -> int:
    counts = item.declared.counts_as
    if counts in MAIN:
        return MAIN.index(counts)
    return len(MAIN) + (item.window.operation != Operation.AUDIENCE)


def _figures(service: Service) -> dict[str, Any]:
    windows = quota.usage(g.runtime, service)
    return {
        "windows": windows,
        "stated_at": max((item.stated_at for item in windows if item.stated_at), default=None),
        "pace": costs.pace(g.runtime, service),
        "spent": costs.spent_this_month(g.runtime, service),
        "charges": costs.by_operation(g.runtime, service),
    }


def tab_page(page: str, service: Service, *, fragment: str = "", **more: object) -> Response:
    """Render a tab of an account's page; domains above render those that they add."""
    channel = g.runtime.registry.get(service.kind) if g.runtime.registry.has(service.kind) else None
    account = UNREAD | {"name": service.label, "posts": []} | service.account
    about = {
        "service": service,
        "channel": channel,
        "handle": service.shown_name,
        "account": account,
        "added": to_head(service),
    }
    return htmx.render(page, fragment=fragment or None, **about, **more)  # type: ignore[arg-type]  # template names
