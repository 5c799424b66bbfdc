"""How long sign-ins on a page are kept that nobody answered, and what people accepted there last.

The consents that people gave there are rows of their own, which stay.
"""

from datetime import timedelta

from webapp.acquisition.models import AcquisitionAnswer, AcquisitionVisit
from webapp.kernel.retention import Rule

ANSWERS = timedelta(days=730)

RULES = (
    Rule(
        name="page_answers",
        model=AcquisitionAnswer,
        age=ANSWERS,
        old=lambda before: AcquisitionAnswer.answered_at < before,
    ),
    Rule(
        name="visits",
        model=AcquisitionVisit,
        age=timedelta(days=1),
        old=lambda before: AcquisitionVisit.began_at < before,
    ),
)
