"""Home and the search over everything."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.audience import growth_chart
from webapp.audience.growth import growth
from webapp.audience.sync import estimate
from webapp.audience.sync.estimate import Estimate
from webapp.deliveries.queries import listing as deliveries
from webapp.deliveries.queries import results
from webapp.kernel.i18n import _
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import naming
from webapp.kernel.text.formats import local, money
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs
from webapp.operators.accounts import profile
from webapp.operators.auth import current_operator
from webapp.operators.models import Operator, Role
from webapp.services import listing
from webapp.system import health
from webapp.system.dashboard import first_steps, todo, upcoming
from webapp.system.dashboard import search as finding
from webapp.system.setup import sandbox_setup
from webapp.system.views.blueprint import blueprint
from webapp.workflows import queries

MORNING, NOON, EVENING = 4, 12, 18


@blueprint.get("/")
@needs(Permission.VIEW)
def home() -> ResponseReturnValue:
    """Show what needs the operator, what goes out and what comes next."""
    services = listing.summaries(g.runtime)
    operator = current_operator()
    if not services and operator and operator.role is Role.ADMIN:
        return redirect(url_for("operators.get_started"), code=303)
    parts = _parts(g.runtime)
    # What has just ended changed the figures too.
    counts = not htmx.wants_fragment() or parts["busy"] or request.args.get("was") == "busy"
    return htmx.render(
        "system/home.html",
        fragment="system/_home.html",
        now=g.runtime.now(),
        greeting=_greeting(operator),
        services=services,
        **(growth_chart.data(growth(g.runtime)) if counts else {}),
        **parts,
        **_first_steps(operator),
    )


def _greeting(operator: Operator | None) -> str:
    """Return the heading: a greeting by the hour of whoever looks."""
    if operator is None:
        return _("Home")
    name = next(iter(operator.name.split()), operator.name)
    hour = local(g.runtime.now()).hour
    if MORNING <= hour < NOON:
        return _("Good morning, %(name)s", name=name)
    if NOON <= hour < EVENING:
        return _("Good afternoon, %(name)s", name=name)
    return _("Good evening, %(name)s", name=name)


def _parts(runtime: Runtime) -> dict[str, Any]:
    """Return what moves and what needs somebody; `busy` tells whether to look again soon."""
    going_out, workflows = upcoming.going_out(runtime), queries.lines(runtime)
    return {
        "needs_you": todo.needs_you(runtime),
        "needed": deliveries.number_needing(runtime),
        "held_runs": todo.held_runs(runtime),
        "in_doubt": todo.in_doubt(runtime),
        "to_fix": todo.to_fix(runtime),
        "going_out": going_out,
        "coming": upcoming.coming(runtime),
        "results": results.recent(runtime),
        "workflows": workflows,
        "report": health.report(runtime),
        "busy": bool(going_out or any(line.running for line in workflows)),
    }


def _first_steps(operator: Operator | None) -> dict[str, Any]:
    """Return the list of first steps, or only what of it harms while it is put away."""
    away = operator is None or operator.start_away
    start = None if away else first_steps.start(g.runtime)
    unread = [] if start else first_steps.unread_followers(g.runtime)
    return {"start": start, "unread": unread}


@blueprint.post("/start/away")
@needs(Permission.VIEW)
def put_start_away() -> ResponseReturnValue:
    """Show the list of first steps no more to whoever put it away."""
    operator = current_operator()
    if operator:
        profile.put_start_away(g.runtime, operator)
    return redirect(url_for("system.home"), code=303)


@blueprint.post("/try/<kind>")
@needs(Permission.ADMIN)
def try_sandbox(kind: str) -> ResponseReturnValue:
    """Fill the sandbox of a channel with life."""
    estimates = sandbox_setup.fill(g.runtime, kind)
    who = naming.people(naming.MANY, kind)
    flash(_("The sandbox is connected. Its %(people)s arrive while you look around.", people=who))
    counted = _counted(estimates, kind)
    if counted:
        flash(counted + " " + _("It is counted, and nothing is paid."))
    return redirect(url_for("system.home"), code=303)


def _counted(estimates: Sequence[Estimate], kind: str) -> str:
    """Say what the network would charge, and what that sum leaves out."""
    cost = estimate.total(estimates)
    if not cost:
        return ""
    if any(item.is_floor for item in estimates):
        return _(
            "The network would charge %(cost)s to read them, and more for each message they wrote: "
            "the journal of the run tells both.",
            cost=money(cost, kind),
        )
    return _("The network would charge about %(cost)s for that.", cost=money(cost, kind))


@blueprint.get("/search")
@needs(Permission.VIEW)
def search() -> Response:
    """Show what matches the words, a few of each kind."""
    words = request.args.get("q", "")
    return htmx.render(
        "system/search.html",
        fragment="system/_found.html",
        words=words,
        found=finding.search(g.runtime, words),
    )
