"""A picture of the library, without its bytes."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.db import SHORT, Base


class MediaFile(Base):
    """A picture as it goes out; its bytes are a file named by `sha256` (`media/store.py`).

    `name` is what the file was called where it came from. `alt` says what it shows, and is where a
    post begins that shows it; what goes out is the post's own.
    """

    __tablename__ = "media_file"
    __table_args__ = (Index(None, "used_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    mime: Mapped[str] = mapped_column(SHORT)
    bytes: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int]
    height: Mapped[int]
    name: Mapped[str] = mapped_column(SHORT, default="")
    alt: Mapped[str] = mapped_column(default="")
    created_by: Mapped[str] = mapped_column(SHORT)
    created_at: Mapped[datetime]
    # When somebody brought it last, or let a post show it.
    used_at: Mapped[datetime]
