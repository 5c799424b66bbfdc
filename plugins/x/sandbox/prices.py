"""What X charges, and the credits it is paid from."""

from dataclasses import dataclass
from decimal import Decimal

from plugins.x.sandbox.answers import refusal

# US dollars, by returned resource for reads and by request for the rest (docs.x.com, pricing).
USER_READ = Decimal("0.010")
FOLLOWER_READ = Decimal("0.010")
POST_READ = Decimal("0.005")
# The account's own lists, when the account owns the app.
OWNED_READ = Decimal("0.001")
DIRECT_READ = Decimal("0.010")
POST = Decimal("0.015")
POST_WITH_LINK = Decimal("0.200")
SUMMONED_REPLY = Decimal("0.010")
DIRECT = Decimal("0.015")
DELETE = Decimal("0.010")
# Each uploaded picture, as X's staff told, and the words beside it.
UPLOAD = Decimal("0.015")
MEDIA_METADATA = Decimal("0.005")

FIRST_BALANCE = Decimal(10_000)


@dataclass
class Wallet:
    """The credits of the app's owner; callers hold the sandbox's lock."""

    owner: int
    balance: Decimal = FIRST_BALANCE
    spent: Decimal = Decimal(0)

    def require(self, amount: Decimal = Decimal("0.001")) -> None:
        """Raise a 402 unless `amount` is there."""
        if self.balance < amount:
            raise refusal(
                402,
                "CreditsDepleted",
                detail=f"Your enrolled account [{self.owner}] does not have any credits "
                "to fulfill this request.",
                kind="credits",
            )

    def charge(self, amount: Decimal) -> None:
        """Take `amount`, or raise a 402 and take nothing."""
        self.require(amount)
        self.balance -= amount
        self.spent += amount
