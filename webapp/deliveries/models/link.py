"""What an operator chose for a link of a delivery."""

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.db import SHORT, Base


class DeliveryLink(Base):
    """A link of a delivery that has a label, or whose clicks are not counted.

    `name` is the address as it was written, with its `{tokens}`. Links without a row have no label
    and are counted.
    """

    __tablename__ = "delivery_link"
    __table_args__ = (UniqueConstraint("delivery_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    # Names may be longer than what an index takes.
    digest: Mapped[str] = mapped_column(SHORT)
    name: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(SHORT, default="")
    counted: Mapped[bool] = mapped_column(default=True)
