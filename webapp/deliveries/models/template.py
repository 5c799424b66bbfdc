"""What a delivery starts from."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, composite, mapped_column

from webapp.deliveries import kinds
from webapp.deliveries.kinds import DeliveryKind
from webapp.deliveries.kinds.column import KindName
from webapp.kernel.db import SHORT, Base


class Template(Base):
    """What a delivery starts from; two are built in for each channel."""

    __tablename__ = "template"
    __table_args__ = (UniqueConstraint("channel", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(SHORT)
    family: Mapped[DeliveryKind] = mapped_column("kind", KindName())
    # Which kind of a channel's own it is; empty for those of the core.
    kind_name: Mapped[str] = mapped_column(SHORT, default="", server_default="")
    kind: Mapped[DeliveryKind] = composite(kinds.stored, "family", "kind_name")
    name: Mapped[str] = mapped_column(SHORT)
    content: Mapped[str] = mapped_column(default="")
    built_in: Mapped[bool] = mapped_column(default=False)
    proof_service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    created_at: Mapped[datetime]
