"""The analysis: counts, control rules, cost and forecast, after which a delivery may be sent."""

import json
import logging
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from channels import Finding, Level
from webapp.deliveries.analysis import stored_findings
from webapp.deliveries.analysis.rules import Facts, findings, gather
from webapp.deliveries.drafts.editing import editable, get, locked
from webapp.deliveries.models import Delivery, DeliveryState
from webapp.kernel import faults, leases
from webapp.kernel.db import reading
from webapp.kernel.errors import Conflict, FanfareError
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.text.notices import Notice

log = logging.getLogger(__name__)

WAITS = Delivery.state == DeliveryState.ANALYSING


@requires(Permission.WRITE)
def start(runtime: Runtime, delivery_id: int) -> Delivery:
    """Ask for an analysis; a worker does it within seconds."""
    delivery = editable(runtime, delivery_id)
    delivery.state = DeliveryState.ANALYSING
    delivery.resume_at = runtime.now()
    leases.release(delivery)
    runtime.record("delivery.analyse", delivery)
    runtime.session.commit()
    return delivery


@requires(Permission.WRITE)
def cancel(runtime: Runtime, delivery_id: int) -> Delivery:
    """Turn what waits for its analysis, or is being analysed, back into a draft."""
    delivery = locked(runtime, delivery_id)
    if delivery.state is not DeliveryState.ANALYSING:
        raise Conflict(_("The analysis is over already."))
    delivery.state, delivery.resume_at = DeliveryState.DRAFT, None
    leases.release(delivery)
    runtime.record("delivery.cancel_analysis", delivery)
    runtime.session.commit()
    return delivery


def due(runtime: Runtime) -> list[int]:
    """Return the deliveries that wait for their analysis and that nobody has in hand."""
    free = leases.free(runtime, Delivery)
    return list(runtime.session.scalars(select(Delivery.id).where(WAITS, free)))


def analyse(runtime: Runtime, delivery_id: int, token: str = "") -> Delivery:
    """Analyse a delivery that waits for it: afterwards it is ready, or rejected with reasons."""
    taken = leases.take(runtime, Delivery, delivery_id, token, WAITS)
    return _analyse(taken, delivery_id) if taken else get(runtime, delivery_id)


def _analyse(runtime: Runtime, delivery_id: int) -> Delivery:
    delivery = get(runtime, delivery_id)
    began = runtime.clock.system()
    revision = delivery.revision
    runtime.session.commit()
    # A large target takes seconds to count, and nobody else should wait for that.
    with reading():
        result = _outcome_or_fault(runtime, delivery_id)
        runtime.session.rollback()
    result["seconds"] = round((runtime.clock.system() - began).total_seconds(), 1)
    # It may have been cancelled meanwhile, edited, and be waiting for another analysis.
    delivery = locked(runtime, delivery_id)
    if leases.holds(runtime, delivery) and delivery.revision == revision:
        _keep(runtime, delivery, result)
    else:
        runtime.session.rollback()
    return delivery


def _outcome_or_fault(runtime: Runtime, delivery_id: int) -> dict[str, Any]:
    try:
        return outcome(runtime, get(runtime, delivery_id))
    except FanfareError as fault:
        return _failed(notices.of(fault.message))
    # The border to rules of plugins and to what nobody foresaw: a delivery is never analysed for
    # ever, which would keep it from being mended. An outage passes; it is analysed again then.
    except Exception as fault:
        if faults.is_outage(fault):
            raise
        log.exception("The analysis of delivery %s failed.", delivery_id)
        return _failed(Notice("analysis_broke"))


def outcome(runtime: Runtime, delivery: Delivery) -> dict[str, Any]:
    """Return what an analysis finds, as JSON; nothing is stored."""
    facts = gather(runtime, delivery)
    return {
        "matched": facts.counts.matched,
        "eligible": facts.counts.eligible,
        "excluded": [
            {"reason": reason, "count": number} for reason, number in facts.counts.excluded
        ],
        "findings": [_plain(item) for item in findings(runtime, facts)],
        **_money(facts),
        "forecast": facts.forecast.plain() if facts.forecast else None,
    }


def _money(facts: Facts) -> dict[str, Any]:
    return {
        "price": str(facts.price) if facts.price is not None else None,
        "cost": str(facts.cost) if facts.cost is not None else None,
        "listens": str(facts.listens) if facts.listens is not None else None,
        "charges": {str(key): str(amount) for key, amount in facts.charges.items()},
    }


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "level": finding.level.value,
        "text": notices.plain(notices.of(finding.message)),
        "step": finding.step,
    }


def _failed(why: Notice) -> dict[str, Any]:
    message = Notice("finding_failed", why=why)
    finding = Finding(code="failed", level=Level.ERROR, message=message)
    return {"findings": [_plain(finding)], "matched": 0, "eligible": 0}


def _keep(runtime: Runtime, delivery: Delivery, result: dict[str, Any]) -> None:
    wrong = any(item["level"] == Level.ERROR for item in result["findings"])
    delivery.state = DeliveryState.REJECTED if wrong else DeliveryState.READY
    delivery.analysis = result
    delivery.analysed_at = runtime.now()
    delivery.resume_at = None
    leases.release(delivery)
    delivery.accepted_warnings = []
    runtime.session.commit()


def mark(delivery: Delivery) -> str:
    """Return a name of exactly what the stored analysis found, as a page showed it."""
    found = json.dumps(delivery.analysis, sort_keys=True)
    return sha256(found.encode()).hexdigest()[:16]


def warnings(delivery: Delivery) -> list[dict[str, str]]:
    """Return the warnings of the stored analysis, which must be accepted before sending."""
    return [item for item in stored_findings.findings(delivery) if item["level"] == "warning"]


def accepted(delivery: Delivery) -> list[str]:
    """Return the warnings that whoever confirmed the delivery accepted, as they read them."""
    codes = delivery.accepted_warnings
    return [item["text"] for item in warnings(delivery) if item["code"] in codes]
