"""How long files are kept that nobody imported, what became of imports, and merged profiles."""

from datetime import timedelta

from webapp.kernel.retention import HALF_A_YEAR, Rule
from webapp.profiles.models import ImportState, ProfileImport, ProfileMerge, WaitingContact

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
        name="waiting_contacts",
        model=WaitingContact,
        # What anybody may have typed of anybody, and nobody said whose it is.
        age=timedelta(days=30),
        setting="waiting_contact_days",
        old=lambda before: WaitingContact.shared_at < before,
    ),
    Rule(
        name="merges",
        model=ProfileMerge,
        # As long as a merge can be undone: see `merging/merge.py`.
        age=timedelta(days=30),
        old=lambda before: ProfileMerge.merged_at < before,
    ),
    Rule(
        name="imports",
        model=ProfileImport,
        age=HALF_A_YEAR,
        old=lambda before: ProfileImport.state.not_in(OPEN) & (ProfileImport.ended_at < before),
    ),
)
