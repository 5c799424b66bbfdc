"""How long it is kept that somebody was erased, or took their wish back."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_

from webapp.kernel.retention import Rule
from webapp.privacy.models import ErasureWish, WishState


def _old(before: datetime) -> ColumnElement[bool]:
    """Return the condition for wishes that are over; one that still waits never leaves."""
    over = and_(ErasureWish.state != WishState.ASKED, ErasureWish.ended_at < before)
    went = and_(
        ErasureWish.state == WishState.ASKED,
        ErasureWish.visitor_id.is_(None),
        ErasureWish.profile_id.is_(None),
        ErasureWish.asked_at < before,
    )
    return or_(over, went)


RULES = (Rule(name="wishes", model=ErasureWish, age=timedelta(days=90), old=_old),)
