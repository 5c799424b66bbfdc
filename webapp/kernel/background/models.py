"""The signs of life of background processes."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.db import SHORT, Base


class Heartbeat(Base):
    """The last sign of life of a background process, on the machine's clock."""

    __tablename__ = "heartbeat"

    process: Mapped[str] = mapped_column(SHORT, primary_key=True)
    seen_at: Mapped[datetime]
    held_by: Mapped[str] = mapped_column(SHORT)
