"""How long files are kept that nobody imported, and what became of imports."""

from datetime import timedelta

from webapp.kernel.retention import HALF_A_YEAR, Rule
from webapp.profiles.models import ImportState, ProfileImport

OPEN = (ImportState.MAPPING, ImportState.RUNNING)
RULES = (
    Rule(
        name="files",
        model=ProfileImport,
        age=timedelta(days=1),
        old=lambda before: (
            (ProfileImport.state == ImportState.MAPPING) & (ProfileImport.brought_at < before)
        ),
    ),
    Rule(
        name="imports",
        model=ProfileImport,
        age=HALF_A_YEAR,
        old=lambda before: ProfileImport.state.not_in(OPEN) & (ProfileImport.ended_at < before),
    ),
)
