"""What networks counted of posts, day by day."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.db import SHORT, Base


class PostMetric(Base):
    """One figure of a post on a day of its account, as it was read last on that day.

    What the network did not tell has no row: it is unknown, and never 0.
    """

    __tablename__ = "post_metric"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("message.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    figure: Mapped[str] = mapped_column(SHORT, primary_key=True)
    value: Mapped[int]
    read_at: Mapped[datetime]
