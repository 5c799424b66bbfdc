"""What the audience adds to places of lower domains."""

from webapp.audience.sync import overspending
from webapp.services.limits.limit_raised import LIMIT_RAISED
from webapp.workflows.asking import OBJECTIONS

ADDITIONS = (
    LIMIT_RAISED.add(overspending.release),
    OBJECTIONS.add(overspending.objections),
)
