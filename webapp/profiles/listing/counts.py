"""How many profiles there are: counted each time while they are few, else as counted last."""

from sqlalchemy import delete, func, select

from webapp.audience.models import ListCount
from webapp.audience.visitors.list_counts import ListNumber
from webapp.kernel.db import in_passing, insert_into
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.profiles.listing.query import Query
from webapp.profiles.listing.search import MOST
from webapp.profiles.listing.search import counted as quickly
from webapp.profiles.models import Profile

NAME = "profiles"


@requires(Permission.VIEW)
def known(runtime: Runtime) -> ListNumber:
    """Return how many profiles there are, as far as that is quick."""
    kept = runtime.session.get(ListCount, NAME)
    if kept is not None:
        return ListNumber(number=kept.number, counted_at=kept.counted_at)
    number, more = quickly(runtime, Query())
    return ListNumber(number=number, more=more)


@requires(Permission.VIEW)
def counted(runtime: Runtime) -> ListNumber:
    """Count all profiles, and keep the number where they are many."""
    whole = runtime.session.scalar(select(func.count()).select_from(Profile)) or 0
    now = runtime.now()
    if whole > MOST:
        values = {"asked": "", "number": whole, "counted_at": now}
        insert = insert_into(runtime.session, ListCount).values(name=NAME, **values)
        keep = insert.on_conflict_do_update(index_elements=["name"], set_=values)
        in_passing(runtime.session, keep)
    elif runtime.session.get(ListCount, NAME):
        in_passing(runtime.session, delete(ListCount).where(ListCount.name == NAME))
    return ListNumber(number=whole, counted_at=now if whole > MOST else None)
