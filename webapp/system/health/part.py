"""One part of the background, as the health page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the background: whether it works, when it was last seen, what to do.

    `holds` says in words what stands still without it; `seen_at` is the machine's time. `figures`
    are for programs. A fault that `stops` nothing, such as one worker too few, slows work down.
    """

    name: str
    ok: bool
    detail: str
    seen_at: datetime | None = None
    fix: str = ""
    holds: str = ""
    stops: bool = True
    figures: Mapping[str, int] = field(default_factory=dict)
