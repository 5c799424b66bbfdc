"""What came of a page, by the day and by where people came from."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.db import SHORT, Base


class AcquisitionSource(Base):
    """Where people came from, as the address of a page said it (`?src=`): so many, and no more.

    Anybody can write any address, so a page knows a bounded number of sources; people from others
    are counted under `others`. Those that operators made are `chosen`, and always known.
    """

    __tablename__ = "acquisition_source"

    page_id: Mapped[int] = mapped_column(
        ForeignKey("acquisition_page.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(SHORT, primary_key=True)
    chosen: Mapped[bool] = mapped_column(default=False)


class AcquisitionDay(Base):
    """How many came how far on one day, from one source; the funnel is the sum of its rows.

    The day is one of the account's own zone. `source` is empty for people whose address named none.
    `fetched` are views by programs, by the rules of clicks, and `viewed` those by people. The rows
    name nobody, and outlive whoever is erased. `profiles` counts people whose first answer here
    made a profile or found theirs; `consented` every answer that accepted something, `refused`
    every one that accepted nothing, on the network's own page or on ours.
    """

    __tablename__ = "acquisition_day"

    page_id: Mapped[int] = mapped_column(
        ForeignKey("acquisition_page.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(SHORT, primary_key=True)
    viewed: Mapped[int] = mapped_column(default=0)
    fetched: Mapped[int] = mapped_column(default=0)
    started: Mapped[int] = mapped_column(default=0)
    signed_in: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    consented: Mapped[int] = mapped_column(default=0)
    profiles: Mapped[int] = mapped_column(default=0)
