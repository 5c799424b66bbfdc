"""The profiles of a list as plain rows, for a file of any length that can be imported again."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from webapp.kernel.db import reading, streams
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.profiles import fields, tags
from webapp.profiles.fields import BUILT_IN, OWN
from webapp.profiles.listing import search
from webapp.profiles.listing.query import Query
from webapp.profiles.models import Profile

AT_ONCE = 1_000


@requires(Permission.EXPORT)
def columns(runtime: Runtime) -> dict[str, str]:
    """Return the heads of the columns, as the pages call them."""
    told = {label.name: label.words for label in fields.every(runtime)}
    return told | {
        "tags": _("Tags"),
        "origin": _("Origin"),
        "created_at": _("Known since (%(zone)s)", zone=runtime.zone.key),
        "id": _("Profile"),
    }


@requires(Permission.EXPORT)
def rows(runtime: Runtime, query: Query) -> Iterator[dict[str, Any]]:
    """Yield all that match, a batch in memory at a time; nobody who writes waits for it."""
    # Begun when the first row is taken, which is after the request.
    with reading():
        names = [f"{OWN}{row.code}" for row in fields.own(runtime)]
        _number, more = search.counted(runtime, query)
        for part in search.parts(query, gather=not more):
            lines = streams.rows_of(runtime.session, _reading(part))
            while some := list(islice(lines, AT_ONCE)):
                theirs = tags.of(runtime, [line.id for line in some])
                for line in some:
                    said = f"{tags.BETWEEN} ".join(tag.name for tag in theirs[line.id])
                    yield _row(line, names) | {"tags": said}
        runtime.session.rollback()


def _reading(part: Any) -> Any:
    """Select what the rows of some profiles are made of, in their order, past the ORM."""
    found = ("id", *BUILT_IN, "own", "origin", "created_at")
    return part.with_only_columns(*(getattr(Profile, name) for name in found))


def _row(line: Any, names: list[str]) -> dict[str, Any]:
    told: dict[str, Any] = line._asdict()
    own = told.pop("own")
    told |= {name: own.get(name.removeprefix(OWN), "") for name in names}
    told["origin"] = line.origin.value
    return told
