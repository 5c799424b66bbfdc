"""How shares and lifts are written."""

import math

from flask_babel import format_decimal

from webapp.kernel.i18n import _


def percent(share: float) -> str:
    """Write a share with one digit behind the point, such as 2.5 %."""
    return _("%(n)s %%", n=format_decimal(100 * share, "#,##0.0"))


def points(value: float) -> str:
    """Write how far two shares are apart, such as 7.0 points; below one with two digits."""
    return _("%(n)s points", n=digits(value))


def digits(value: float) -> str:
    """Write points without their word, where a heading says it."""
    pattern = "#,##0.00" if abs(value) < 1 / 100 else "#,##0.0"
    return str(format_decimal(100 * value, pattern))


def lift(value: float) -> str:
    """Write a lift with its sign, such as +12.4 %; without an end it is any number."""
    if math.isinf(value):
        return _("without end")
    sign = "+" if value > 0 else ""
    return _("%(n)s %%", n=sign + format_decimal(100 * value, "#,##0.0"))
