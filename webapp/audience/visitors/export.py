"""The visitors of a list as plain rows, for a file of any length."""

from collections.abc import Iterator, Mapping
from typing import Any

from webapp.audience import consent
from webapp.audience.visitors import people
from webapp.kernel.db import reading
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import naming


def columns(zone: str) -> dict[str, str]:
    """Return the heads of the columns, as the page calls them."""
    return {
        "username": _("Username"),
        "name": _("Name"),
        "friends": naming.headed(naming.everybody()),
        "verified": _("Verified"),
        "first_seen": _("First seen (%(zone)s)", zone=zone),
        "account": _("Account"),
        "standing": _("May be messaged"),
        "network_id": _("Id on the network"),
    }


def _standings() -> dict[str, str]:
    """Return what the pages say of each standing."""
    return {
        "opted_in": _("yes: opted in"),
        "wrote_first": _("yes: wrote first"),
        "wrote_stop": _("no: opted out"),
        "in_doubt": _("no: in doubt"),
        "no_consent": _("no: never asked"),
        "quarantine": _("no: in quarantine"),
        "accepts_none": _("no: accepts no messages"),
        "own_account": _("no: your own account"),
    }


@requires(Permission.EXPORT)
def rows(runtime: Runtime, query: people.Query) -> Iterator[dict[str, Any]]:
    """Yield all that match, a batch in memory at a time; nobody who writes waits for it."""
    standings = _standings()
    # Begun when the first row is taken, which is after the request.
    with reading():
        for line in people.every(runtime, query):
            yield _row(line, standings)
        runtime.session.rollback()


def _row(line: people.Line, standings: Mapping[str, str]) -> dict[str, Any]:
    tie, who = line.subscription, line.visitor
    code = consent.standing(tie, who) if tie else "no_consent"
    return {
        "username": who.handle,
        "name": who.name,
        "friends": who.friends,
        "verified": {True: _("yes"), False: _("no"), None: ""}[who.verified],
        "first_seen": who.first_seen_at,
        "account": f"{tie.service.bare_name}" if tie else "",
        "standing": standings.get(code, code),
        "network_id": who.remote_id,
    }
