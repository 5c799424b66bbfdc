"""How long the audit is kept."""

from datetime import timedelta

from webapp.kernel.audit import AuditEntry
from webapp.kernel.retention import Rule

RULES = (
    Rule(
        name="audit",
        model=AuditEntry,
        age=timedelta(days=180),
        old=lambda before: AuditEntry.at < before,
    ),
)
