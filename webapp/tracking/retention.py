"""How long clicks are kept; their counters stay."""

from datetime import timedelta

from webapp.kernel.retention import Rule
from webapp.tracking.models import Click, Conversion
from webapp.tracking.places import LEAVING

A_YEAR = timedelta(days=365)

RULES = (
    Rule(
        name="clicks",
        model=Click,
        age=A_YEAR,
        old=lambda before: Click.at < before,
        first=LEAVING.ask,
    ),
    Rule(
        name="conversions",
        model=Conversion,
        age=A_YEAR,
        old=lambda before: Conversion.at < before,
        first=LEAVING.ask,
    ),
)
