"""What a network charged beside what the ledger of an instance booked, line by line."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from webapp.kernel.runtime import Runtime
from webapp.services.models import Charge, Service

# On which line both are compared: an account's own posts are read with it, and a picture with what
# it shows has one price in the ledger and two charges on the bill.
LINES = {"timeline": "account", "media_metadata": "upload", "upload:described": "upload"}
NOTHING = Decimal(0)
Key = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A line on which the bill and the ledger do not agree."""

    day: str
    account: str
    what: str
    billed: Decimal
    booked: Decimal

    def __str__(self) -> str:
        amount = self.billed - self.booked
        said = "more" if amount > 0 else "less"
        return f"{self.day} @{self.account}, {self.what}: {abs(amount)} {said} than was booked"


def differences(runtime: Runtime, lines: list[dict[str, Any]]) -> list[Difference]:
    """Return each line that differs, in the order of days, accounts and operations."""
    billed: dict[Key, Decimal] = {}
    for line in lines:
        key = (line["day"], line["account"], _line(line["what"]))
        billed[key] = billed.get(key, NOTHING) + Decimal(line["amount"])
    booked = ledger(runtime)
    return [
        Difference(
            day=key[0],
            account=key[1],
            what=key[2],
            billed=billed.get(key, NOTHING),
            booked=booked.get(key, NOTHING),
        )
        for key in sorted(billed.keys() | booked.keys())
        if billed.get(key, NOTHING) != booked.get(key, NOTHING)
    ]


def ledger(runtime: Runtime) -> dict[Key, Decimal]:
    """Return what was booked by day, account and operation, as the bill has its lines."""
    rows = runtime.session.execute(
        select(Charge, Service.internal_name).join(Service, Service.id == Charge.service_id)
    )
    booked: dict[Key, Decimal] = {}
    for row, name in rows:
        what = _line(":".join(filter(None, (row.operation, row.variant))))
        key = (row.day.isoformat(), name, what)
        booked[key] = booked.get(key, NOTHING) + row.amount
    return booked


def _line(what: str) -> str:
    return LINES.get(what, what)
