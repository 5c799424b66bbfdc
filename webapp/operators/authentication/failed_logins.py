"""Log-ins that failed, in the audit and the log: from where, and how often.

A flood of guesses writes no row each: those of an hour that belong together are one entry, and
what comes from more addresses than an operator ever has is counted as one. No password is kept,
and no email that nobody has: people type a password into the wrong field.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from webapp.kernel.audit import AuditEntry
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.cleaning import clean
from webapp.operators.models import Operator

log = logging.getLogger(__name__)

REFUSED = "operator.refuse"
TOGETHER = timedelta(hours=1)
# From so many addresses tries are told apart, each hour and operator.
PLACES = 20
LONGEST_ADDRESS = 64
MANY = "*"


@dataclass(frozen=True, slots=True)
class Nobody:
    """Stands in the audit for an email that no operator has."""

    __tablename__ = Operator.__tablename__


def note(runtime: Runtime, operator: Operator | None, address: str) -> None:
    """Count a password that was wrong, in a transaction of its own."""
    place = clean(address)[:LONGEST_ADDRESS]
    known = {str((one.detail or {}).get("address")): one for one in _lately(runtime, operator)}
    place = place if place in known or len(known) < PLACES else MANY
    entry, tries = known.get(place), 1
    if entry is None:
        runtime.record(REFUSED, operator or Nobody(), address=place, tries=tries)
    else:
        tries = int(entry.detail.get("tries", 0)) + 1
        entry.detail = entry.detail | {"tries": tries}
    runtime.session.commit()
    # The first, and then ever fewer: the log is no more to be flooded than the audit.
    if tries & (tries - 1) == 0:
        who = f"operator {operator.id}" if operator else "an email that nobody has"
        log.warning("A log-in of %s from %s was refused, %d in an hour.", who, place, tries)


def _lately(runtime: Runtime, operator: Operator | None) -> list[AuditEntry]:
    """Return the entries that still count, held so that two who count at once lose no try."""
    query = (
        select(AuditEntry)
        .where(
            AuditEntry.subject == Operator.__tablename__,
            AuditEntry.subject_id == (operator.id if operator else None),
            AuditEntry.action == REFUSED,
            AuditEntry.at > runtime.now() - TOGETHER,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(runtime.session.scalars(query))
