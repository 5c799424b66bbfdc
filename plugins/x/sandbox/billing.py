"""The bill: each charge with its day, its account and what it was for, and the oddities of X.

X's own bill is said to leave the account itself out, to charge for a thing that is read once in a
UTC day, and to charge for some writes that it refused. Each is switched on by an order, and charges
that nobody caused can be planted, so that whoever keeps a ledger beside it can be tried.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(slots=True)
class Charged:
    """How often something was charged on a day, and how much in all."""

    count: int = 0
    amount: Decimal = Decimal(0)


@dataclass(slots=True, kw_only=True)
class Billing:
    """The lines of the bill; callers hold the sandbox's lock."""

    account_free: bool = False
    once_a_day: bool = False
    refused_writes: bool = False
    lines: dict[tuple[date, str, str], Charged] = field(default_factory=dict)
    read: set[tuple[date, str, Hashable]] = field(default_factory=set)

    def unread(self, day: date, kind: str, things: Sequence[Hashable]) -> int:
        """Count the things that are charged for, and remember that they were read today."""
        if not self.once_a_day:
            return len(things)
        new = {(day, kind, thing) for thing in things} - self.read
        self.read |= new
        return len(new)

    def add(self, day: date, account: str, what: str, amount: Decimal, count: int = 1) -> None:
        """Write a charge on its line."""
        line = self.lines.setdefault((day, account, what), Charged())
        line.count += count
        line.amount += amount

    def listing(self) -> list[dict[str, object]]:
        """Return the lines, oldest first."""
        return [
            {
                "day": day.isoformat(),
                "account": account,
                "what": what,
                "count": line.count,
                "amount": str(line.amount),
            }
            for (day, account, what), line in sorted(self.lines.items())
            if line.count
        ]
