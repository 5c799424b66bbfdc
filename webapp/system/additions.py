"""What the system adds to places of lower domains."""

from webapp.operators.accounts.first_admin import FIRST_ADMIN
from webapp.services import places
from webapp.system.setup import defaults, suggested_workflows
from webapp.workflows import launching
from webapp.workflows.asking import OBJECTIONS

ADDITIONS = (
    FIRST_ADMIN.add(defaults.settle),
    OBJECTIONS.add(suggested_workflows.objections),
    places.NEEDED.add(suggested_workflows.panel),
    launching.COSTS.add(suggested_workflows.charges, rank=20),
)
