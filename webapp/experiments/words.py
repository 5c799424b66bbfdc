"""How shares and lifts are written."""

from flask_babel import format_decimal

from webapp.kernel.i18n import _


def percent(share: float) -> str:
    """Write a share with one digit behind the point, such as 2.5 %."""
    return _("%(n)s %%", n=format_decimal(100 * share, "#,##0.0"))
