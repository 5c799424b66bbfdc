"""How shares and lifts are written."""

import math

from flask_babel import format_decimal

from webapp.kernel.i18n import _


def percent(share: float) -> str:
    """Write a share with one digit behind the point, such as 2.5 %."""
    return _("%(n)s %%", n=format_decimal(100 * share, "#,##0.0"))


def lift(value: float) -> str:
    """Write a lift with its sign, such as +12.4 %; without an end it is any number."""
    if math.isinf(value):
        return _("without end")
    sign = "+" if value > 0 else ""
    return _("%(n)s %%", n=sign + format_decimal(100 * value, "#,##0.0"))
