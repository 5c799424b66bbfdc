"""What is kept of experiments once the rows leave by which it was found."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.deliveries.models import Metric
from webapp.kernel.db import Base, word


class ExperimentOutcome(Base):
    """That the reader of a message did what counts, and when first; the message names nobody.

    It is written when somebody is erased, since their clicks and words are of no message then, and
    before the clean-up takes these: else the figures of an experiment would fall with each.
    """

    __tablename__ = "experiment_outcome"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("message.id", ondelete="CASCADE"), primary_key=True
    )
    metric: Mapped[Metric] = mapped_column(word(Metric), primary_key=True)
    at: Mapped[datetime]


class ExperimentStop(Base):
    """That the reader of a message wished for no more of them, kept when their words leave."""

    __tablename__ = "experiment_stop"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("message.id", ondelete="CASCADE"), primary_key=True
    )


class ExperimentVerdict(Base):
    """What an experiment showed when its messages were about to leave: figures, and nobody."""

    __tablename__ = "experiment_verdict"

    delivery_id: Mapped[int] = mapped_column(
        ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True
    )
    judged_at: Mapped[datetime]
    told: Mapped[dict[str, Any]]
