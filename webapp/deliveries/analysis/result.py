"""What the stored analysis of a delivery says, as the confirm page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from webapp.deliveries.analysis import stored_findings
from webapp.deliveries.models import Delivery

Finding = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When a delivery begins and ends, between what bounds, and each limit that was played."""

    starts_at: datetime
    ends_at: datetime
    latest: datetime
    ahead: int
    limits: Sequence[dict[str, Any]]

    @property
    def takes(self) -> timedelta:
        """How long it is expected to take."""
        return self.ends_at - self.starts_at


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisResult:
    """The counts, the findings by level, the money and the plan of an analysis."""

    matched: int
    eligible: int
    excluded: Sequence[tuple[str, int]]
    errors: Sequence[Finding]
    passed: Sequence[Finding]
    price: Decimal | None
    cost: Decimal | None
    # What reading the inbox for STOP costs meanwhile, about; `None` where nothing is charged.
    listens: Decimal | None
    # What the delivery costs each account that is charged, by the id of the account.
    charges: Mapping[int, Decimal]
    plan: Plan | None
    took: float | None


def result_of(delivery: Delivery) -> AnalysisResult | None:
    """Return what the analysis said; `None` while there is none."""
    stored = delivery.analysis
    if not stored:
        return None
    return AnalysisResult(
        matched=stored.get("matched", 0),
        eligible=stored.get("eligible", 0),
        excluded=[(item["reason"], item["count"]) for item in stored.get("excluded", [])],
        errors=_of_level(delivery, "error"),
        passed=_of_level(delivery, "passed"),
        price=_amount(stored.get("price")),
        cost=_amount(stored.get("cost")),
        listens=_amount(stored.get("listens")),
        charges={int(key): Decimal(text) for key, text in stored.get("charges", {}).items()},
        plan=_plan(stored.get("forecast")),
        took=stored.get("seconds"),
    )


def _of_level(delivery: Delivery, level: str) -> list[Finding]:
    return [item for item in stored_findings.findings(delivery) if item["level"] == level]


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _plan(stored: dict[str, Any] | None) -> Plan | None:
    if stored is None:
        return None
    return Plan(
        starts_at=datetime.fromisoformat(stored["starts_at"]),
        ends_at=datetime.fromisoformat(stored["ends_at"]),
        latest=datetime.fromisoformat(stored["latest"]),
        ahead=stored["ahead"],
        limits=stored_findings.limits(stored),
    )
