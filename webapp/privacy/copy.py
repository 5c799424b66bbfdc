"""A copy of all that is stored about one person, to be given to them."""

from collections.abc import Mapping
from typing import Any

from webapp.audience.places import PERSONAL_DATA
from webapp.audience.visitors import people
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime


@requires(Permission.EXPORT)
def document(runtime: Runtime, visitor_id: int) -> Mapping[str, Any]:
    """Return every record about a person by its kind, as values that JSON knows; it is audited.

    Raise `NotFound` where there is no such person.
    """
    visitor = people.get(runtime, visitor_id)
    runtime.record("visitor.copy", visitor)
    runtime.session.flush()
    told = {
        holding.name: [dict(row) for row in holding.rows(runtime, visitor)]
        for holding in PERSONAL_DATA.ask(runtime)
    }
    made_at = runtime.now().isoformat()
    runtime.session.commit()
    return {"made_at": made_at, **{name: rows for name, rows in told.items() if rows}}
