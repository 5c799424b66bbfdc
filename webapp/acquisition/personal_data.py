"""What pages know of somebody: told in a copy for them, and erased at their wish.

What they agreed to is kept by the consents, and what they shared by their profile.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, delete, select

from webapp.acquisition.models import AcquisitionAnswer, AcquisitionPage, AcquisitionVisit
from webapp.audience.models import Visitor
from webapp.audience.personal_data import count
from webapp.audience.places import Fate, Holding, additions_of
from webapp.kernel.db.changes import updated
from webapp.kernel.db.rows import plain
from webapp.kernel.i18n import ngettext
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

Row = Mapping[str, Any]


def _by(visitor: Visitor) -> ColumnElement[bool]:
    return AcquisitionAnswer.visitor_id == visitor.id


def _of(visitor: Visitor) -> ColumnElement[bool]:
    """Return the condition that somebody is signed in on a page just now, and did not answer."""
    theirs = select(AcquisitionPage.id).join(Service, Service.id == AcquisitionPage.service_id)
    same = AcquisitionVisit.page_id.in_(theirs.where(Service.kind == visitor.kind))
    return (AcquisitionVisit.remote_id == visitor.remote_id) & same


def _answers(runtime: Runtime, visitor: Visitor) -> Iterator[Row]:
    rows = select(AcquisitionAnswer, AcquisitionPage.label).join(
        AcquisitionPage, AcquisitionPage.id == AcquisitionAnswer.page_id
    )
    for row, label in runtime.session.execute(rows.where(_by(visitor))):
        said = plain(row, "number", "language", "source", "fields", "scopes")
        yield {"page": label, **said, **plain(row, "first_at", "answered_at")}


def _visits(runtime: Runtime, visitor: Visitor) -> Iterator[Row]:
    for row in runtime.session.scalars(select(AcquisitionVisit).where(_of(visitor))):
        yield plain(row, "language", "source", "began_at", "ends_at")


def _erase_answers(runtime: Runtime, visitor: Visitor) -> None:
    updated(runtime.session, delete(AcquisitionAnswer).where(_by(visitor)))


def _erase_visits(runtime: Runtime, visitor: Visitor) -> None:
    updated(runtime.session, delete(AcquisitionVisit).where(_of(visitor)))


HOLDINGS = (
    Holding(
        name="page_answers",
        fate=Fate.REMOVED,
        label=lambda n: ngettext(
            "what was accepted on %(num)s page", "what was accepted on %(num)s pages", n
        ),
        number=lambda runtime, who: count(runtime, AcquisitionAnswer, _by(who)),
        rows=_answers,
        erase=_erase_answers,
    ),
    Holding(
        name="page_visits",
        fate=Fate.REMOVED,
        label=lambda n: ngettext(
            "%(num)s sign-in on a page that waits for an answer",
            "%(num)s sign-ins on a page that wait for an answer",
            n,
        ),
        number=lambda runtime, who: count(runtime, AcquisitionVisit, _of(who)),
        rows=_visits,
        erase=_erase_visits,
    ),
)
ADDITIONS = additions_of(HOLDINGS, rank=15)
