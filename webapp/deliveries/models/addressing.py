"""Whom and what a delivery is tied to: its accounts, and the person it is to alone."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.db import Base


class DeliveryService(Base):
    """An account that a delivery is sent from: one for direct messages, any number for a post."""

    __tablename__ = "delivery_service"

    delivery_id: Mapped[int] = mapped_column(
        ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True
    )
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)


class DeliveryRecipient(Base):
    """The one person a personal delivery is to; it goes with the person."""

    __tablename__ = "delivery_recipient"

    delivery_id: Mapped[int] = mapped_column(
        ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True
    )
    visitor_id: Mapped[int] = mapped_column(
        ForeignKey("visitor.id", ondelete="CASCADE"), index=True
    )
