"""Counts how far people come on a page: by the day of its account, and by where they came from."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from webapp.acquisition.models import AcquisitionDay, AcquisitionPage, AcquisitionSource
from webapp.audience import daily
from webapp.kernel.db import insert_into
from webapp.kernel.folding import fold
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

STEPS = ("viewed", "fetched", "started", "signed_in", "refused", "consented", "profiles")
# Anybody can write any address: a page knows so many sources that nobody chose, and no more.
MOST_SOURCES = 50
LONGEST_SOURCE = 40
OTHERS = "others"


def named(given: str) -> str:
    """Return a source as it is kept: small letters, figures and single dashes; empty for none."""
    plain = "".join(
        sign if sign.isascii() and sign.isalnum() else " " for sign in fold(given[:400])
    )
    return "-".join(plain.split())[:LONGEST_SOURCE].strip("-")


def known(runtime: Runtime, page: AcquisitionPage, given: str) -> str:
    """Return the source that somebody is counted under, a new one being remembered; commits not."""
    source = named(given)
    if not source or runtime.session.get(AcquisitionSource, (page.id, source)) is not None:
        return source
    free = AcquisitionSource.page_id == page.id, AcquisitionSource.chosen.is_(False)
    number = runtime.session.scalar(
        select(func.count()).select_from(AcquisitionSource).where(*free)
    )
    if (number or 0) >= MOST_SOURCES:
        return OTHERS
    remember(runtime, page, source)
    return source


def remember(runtime: Runtime, page: AcquisitionPage, source: str, *, chosen: bool = False) -> None:
    """Let a page know a source, which operators may choose later; the caller commits."""
    row = insert_into(runtime.session, AcquisitionSource.__table__)
    row = row.values(page_id=page.id, name=source, chosen=chosen)
    key = ["page_id", "name"]
    kept = row.on_conflict_do_update(index_elements=key, set_={"chosen": True}) if chosen else None
    runtime.session.execute(row.on_conflict_do_nothing() if kept is None else kept)


def count(runtime: Runtime, page: AcquisitionPage, source: str, *steps: str) -> None:
    """Count steps of one person today; the caller commits."""
    table = AcquisitionDay.__table__
    numbers = {step: int(step in steps) for step in STEPS}
    row = insert_into(runtime.session, table).values(
        page_id=page.id, day=daily.today(runtime, page.service), source=source, **numbers
    )
    more = {step: table.c[step] + 1 for step in steps}
    key = ["page_id", "day", "source"]
    runtime.session.execute(row.on_conflict_do_update(index_elements=key, set_=more))


@requires(Permission.PUBLIC)
def viewed(runtime: Runtime, page: AcquisitionPage, source: str, rule: str) -> None:
    """Count whoever opens a page: a person, or a program by one of the rules of clicks."""
    count(runtime, page, known(runtime, page, source), "fetched" if rule else "viewed")
    runtime.session.commit()


def days(
    runtime: Runtime, page: AcquisitionPage, since: date | None = None
) -> Sequence[AcquisitionDay]:
    """Return the days of a page on which something was counted, in order."""
    mine = select(AcquisitionDay).where(AcquisitionDay.page_id == page.id)
    if since is not None:
        mine = mine.where(AcquisitionDay.day >= since)
    return runtime.session.scalars(mine.order_by(AcquisitionDay.day, AcquisitionDay.source)).all()
