"""How long a sign-in on a page is kept that nobody answered; the next one removes it, too."""

from datetime import timedelta

from webapp.acquisition.models import AcquisitionVisit
from webapp.kernel.retention import Rule

RULES = (
    Rule(
        name="visits",
        model=AcquisitionVisit,
        age=timedelta(days=1),
        old=lambda before: AcquisitionVisit.began_at < before,
    ),
)
