"""Whom a follow-up was promised to when they agreed to messages."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.db import Base


class FollowUp(Base):
    """That a person gets the one message of an account that follows their yes.

    It is written with the answer itself, and its key is what keeps a second yes from a second
    message: see `approval/following.py`. `delivery_id` is the one that says it.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("service_id", "visitor_id"),
        Index(None, "visitor_id"),
        Index(None, "delivery_id"),
        Index(None, "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitor.id", ondelete="CASCADE"))
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    at: Mapped[datetime]
