"""Numbers as they are typed at the command line, no larger than a database keeps."""

from decimal import Decimal, InvalidOperation

import click

NUMBER = click.IntRange(1, 2**31 - 1)


class Amount(click.ParamType[Decimal]):
    """An amount of money from nothing to `most`."""

    name = "amount"

    def __init__(self, most: int) -> None:
        """Take the highest amount."""
        self.most = most

    def convert(
        self, value: str | Decimal, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        """Return the amount."""
        try:
            found = Decimal(value)
        except InvalidOperation:
            self.fail(f"{value} is not an amount; write it like 60.00.", param, ctx)
        # NaN is no number to compare with.
        if not found.is_finite() or not 0 <= found <= self.most:
            self.fail(f"{value} is not from 0 to {self.most}.", param, ctx)
        return found


class Percent(click.ParamType[Decimal]):
    """A number of per cent between two bounds, such as 2.5."""

    name = "percent"

    def __init__(self, *, least: Decimal, most: Decimal) -> None:
        """Take the bounds."""
        self.least, self.most = least, most

    def convert(
        self, value: str | Decimal, param: click.Parameter | None, ctx: click.Context | None
    ) -> Decimal:
        """Return the number."""
        try:
            found = Decimal(value)
        except InvalidOperation:
            self.fail(f"{value} is not a number of per cent; write it like 2.5.", param, ctx)
        # NaN is no number to compare with.
        if not found.is_finite() or not self.least <= found <= self.most:
            self.fail(f"{value} is not from {self.least} to {self.most}.", param, ctx)
        return found
