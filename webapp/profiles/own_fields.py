"""Fields that the team adds to its profiles."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from webapp.kernel.errors import Invalid, NotFound
from webapp.kernel.folding import fold
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.lengths import LONGEST, length_fault
from webapp.profiles import fields
from webapp.profiles.models import OwnField

MOST = 30


@requires(Permission.ADMIN)
def add(runtime: Runtime, name: str) -> OwnField:
    """Add a field; raise `Invalid` for a name that is none, or is taken."""
    said = " ".join(name.split())
    row = OwnField(name=said, key=fold(said)[:LONGEST])
    fault = length_fault(said) or _known(runtime, row.key)
    if fault:
        raise Invalid(fault, {"name": fault})
    runtime.session.add(row)
    try:
        runtime.session.flush()
    except IntegrityError as cause:
        runtime.session.rollback()
        fault = _("There is a field of that name.")
        raise Invalid(fault, {"name": fault}) from cause
    runtime.record("own_field.add", row)
    runtime.session.commit()
    return row


def _known(runtime: Runtime, key: str) -> str:
    if key in {fold(label.words) for label in fields.every(runtime)}:
        return _("There is a field of that name.")
    if len(fields.own(runtime)) >= MOST:
        return _("There are %(n)s fields already, which is the most.", n=MOST)
    return ""


@requires(Permission.ADMIN)
def remove(runtime: Runtime, field_id: int) -> OwnField:
    """Take a field away; what profiles say in it is shown nowhere any more."""
    row = runtime.session.scalar(select(OwnField).where(OwnField.id == field_id))
    if row is None:
        raise NotFound(_("There is no such field."))
    runtime.record("own_field.remove", row)
    runtime.session.delete(row)
    runtime.session.commit()
    return row
