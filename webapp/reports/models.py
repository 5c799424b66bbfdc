"""Who gets reports by mail."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.kernel.db import Base
from webapp.operators.models import Operator
from webapp.reports import sentences  # noqa: F401 - rows are read with them
from webapp.services.models import Service


class ReportDigest(Base):
    """An operator who gets the report of an account every week.

    `week` is the Monday of the last week that was sent, or may have been: it is written before a
    mail goes out, so that no week is sent twice.
    """

    __tablename__ = "report_digest"

    operator_id: Mapped[int] = mapped_column(
        ForeignKey("operator.id", ondelete="CASCADE"), primary_key=True
    )
    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    week: Mapped[date | None]
    created_at: Mapped[datetime]

    operator: Mapped[Operator] = relationship()
    service: Mapped[Service] = relationship()
