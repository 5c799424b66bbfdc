"""How accounts sign in: the page, its ledger as a sheet, and the ways to and from a session."""

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from channels import ChannelError
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _, ngettext
from webapp.kernel.text import csv
from webapp.kernel.text.cleaning import whole
from webapp.kernel.text.formats import local
from webapp.kernel.web import htmx
from webapp.operators.access import Permission, needs
from webapp.services.connection import accounts, moving, sign_ins
from webapp.services.models import SessionRefresh
from webapp.services.views.blueprint import blueprint

NAMES = ("id", "at", "ended_at", "service", "step", "by", "outcome", "code", "said", "until")
COLUMNS = {name: name for name in NAMES}


@blueprint.get("/services/sign-ins/<kind>")
@needs(Permission.VIEW)
def sign_in_list(kind: str) -> Response:
    """Show how each account of a channel signs in, and the ledger of their tokens."""
    before = request.args.get("before", type=whole)
    found = sign_ins.of_channel(g.runtime, kind, before=before)
    return htmx.render(
        "services/sign_ins.html", fragment="services/_sign_ins.html", found=found, before=before
    )


@blueprint.get("/services/sign-ins/<kind>/ledger.csv")
@needs(Permission.VIEW)
def ledger_csv(kind: str) -> ResponseReturnValue:
    """Send the ledger as a sheet."""
    names = {item.id: item.shown_name for item in accounts.every(g.runtime)}
    rows = [_cells(row, names[row.service_id]) for row in sign_ins.ledger(g.runtime, kind)]
    lines = csv.lines(COLUMNS, rows, g.runtime.zone)
    return csv.attached(lines, "sign-ins", kind, at=local(g.runtime.now()))


@blueprint.post("/services/sign-ins/<kind>/move")
@needs(Permission.ADMIN)
def move(kind: str) -> ResponseReturnValue:
    """Begin to move the accounts that were chosen, or all that can be."""
    chosen = request.form.getlist("service_id", type=whole)
    if "service_id" not in request.form:
        found = sign_ins.of_channel(g.runtime, kind)
        chosen = [line.service.id for line in found.movable]
    try:
        moved = moving.move(g.runtime, chosen)
    except (ChannelError, Conflict) as fault:
        flash(fault.message, "refused")
    else:
        flash(
            ngettext(
                "%(num)s account is being moved.", "%(num)s accounts are being moved.", len(moved)
            )
        )
    return redirect(url_for("services.sign_in_list", kind=kind), code=303)


@blueprint.post("/services/<int:service_id>/move-back")
@needs(Permission.ADMIN)
def move_back(service_id: int) -> ResponseReturnValue:
    """Lead an account back to its older keys."""
    service = accounts.get(g.runtime, service_id)
    at = redirect(url_for("services.sign_in_list", kind=service.kind), code=303)
    try:
        moving.back(g.runtime, service_id)
    except (ChannelError, Conflict) as fault:
        flash(fault.message, "refused")
        return at
    flash(_("%(name)s is asked with its older keys again.", name=service.shown_name))
    return at


def _cells(row: SessionRefresh, name: str) -> dict[str, object]:
    return {
        "id": row.id,
        "at": row.started_at,
        "ended_at": row.ended_at,
        "service": name,
        "step": row.step.value,
        "by": row.began_by,
        "outcome": row.outcome.value if row.outcome else "",
        "code": row.code,
        "said": row.said,
        "until": row.expires_at,
    }
