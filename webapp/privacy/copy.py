"""A copy of all that is stored about one person, to be given to them."""

from collections.abc import Mapping
from typing import Any

from webapp.audience.models import Visitor
from webapp.audience.places import PERSONAL_DATA
from webapp.audience.visitors import people
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.privacy import subject
from webapp.profiles import contacts, personal_data


@requires(Permission.EXPORT)
def document(runtime: Runtime, visitor_id: int) -> Mapping[str, Any]:
    """Return every record about a person by its kind, as values that JSON knows; it is audited.

    Raise `NotFound` where there is no such person.
    """
    visitor = people.get(runtime, visitor_id)
    runtime.record("visitor.copy", visitor)
    runtime.session.flush()
    told = {"made_at": runtime.now().isoformat(), **_told(runtime, visitor)}
    runtime.session.commit()
    return told


@requires(Permission.EXPORT)
def document_of_profile(runtime: Runtime, profile_id: int) -> Mapping[str, Any]:
    """Return all that is stored about the person of a profile, of every visitor that it is."""
    profile = contacts.get(runtime, profile_id)
    runtime.record("profile.copy", profile)
    runtime.session.flush()
    document = {
        "made_at": runtime.now().isoformat(),
        "profile": personal_data.told(runtime, profile),
        "visitors": [
            _told(runtime, visitor) for visitor in subject.of_profile(runtime, profile).visitors
        ],
    }
    runtime.session.commit()
    return document


def _told(runtime: Runtime, visitor: Visitor) -> dict[str, Any]:
    told = {
        holding.name: [dict(row) for row in holding.rows(runtime, visitor)]
        for holding in PERSONAL_DATA.ask(runtime)
    }
    return {name: rows for name, rows in told.items() if rows}
