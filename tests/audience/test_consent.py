"""The consent gate: each case by the rule in Python and by the rule in SQL, which must agree."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests.factories import actions, make_service, make_subscription, make_visitor
from webapp.audience import consent
from webapp.audience.models import Subscription, Visitor
from webapp.kernel.errors import NotFound
from webapp.kernel.runtime import Runtime

EARLY, LATE = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
WROTE = {"wrote_first_at": EARLY}
SILENT = {"wrote_first_at": None}

CASES = [
    ("a follower who never wrote", SILENT, True, "no_consent"),
    ("wrote first", WROTE, True, ""),
    ("wrote first, settings unknown", WROTE, None, ""),
    ("opted in without writing", SILENT | {"opted_in_at": EARLY}, True, ""),
    ("accepts no messages", WROTE, False, "accepts_none"),
    ("wrote STOP", WROTE | {"opted_out_at": LATE}, True, "wrote_stop"),
    ("STOP after opting in", {"opted_in_at": EARLY, "opted_out_at": LATE}, True, "wrote_stop"),
    ("opted in after STOP", {"opted_in_at": LATE, "opted_out_at": EARLY}, True, ""),
    ("both in one second", {"opted_in_at": LATE, "opted_out_at": LATE}, True, ""),
    ("in quarantine", WROTE | {"quarantined_at": EARLY}, True, "quarantine"),
    ("STOP hides quarantine", {"opted_out_at": LATE, "quarantined_at": LATE}, True, "wrote_stop"),
    ("left, but wrote first", WROTE | {"ended_at": LATE}, True, ""),
    ("wrote and never followed", WROTE | {"followed_at": None}, True, ""),
]


@pytest.mark.parametrize(
    ("values", "accepts", "reason"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_the_gate_lets_in_who_asked_for_it(
    runtime: Runtime, values: dict[str, object], accepts, reason: str
):
    visitor = make_visitor(runtime, accepts_messages=accepts)
    row = make_subscription(runtime, make_service(runtime), visitor, **values)
    query = select(Subscription.id).join(Visitor).where(consent.may_be_messaged())

    assert consent.reason_not(row, visitor) == reason
    assert list(runtime.session.scalars(query)) == ([] if reason else [row.id])


def test_an_operator_records_consent_with_its_proof(runtime: Runtime):
    row = make_subscription(runtime, make_service(runtime), **SILENT)

    consent.record_opt_in(runtime, row.id, " Signed at the fair in Lyon ")

    assert (row.opted_in_at, row.opt_in_proof) == (runtime.now(), "Signed at the fair in Lyon")
    assert actions(runtime)[-1] == "subscription.opt_in"


def test_an_operator_records_a_stop_that_holds_at_once(runtime: Runtime):
    row = make_subscription(runtime, make_service(runtime))

    consent.record_stop(runtime, row.id)

    assert consent.reason_not(row, row.visitor) == "wrote_stop"
    assert actions(runtime)[-1] == "subscription.stop"


def test_a_lifted_quarantine_begins_counting_anew(runtime: Runtime):
    row = make_subscription(
        runtime, make_service(runtime), quarantined_at=EARLY, quarantine_reason="gone"
    )

    consent.lift_quarantine(runtime, row.id)

    assert (row.quarantined_at, row.quarantine_reason, row.soft_failures) == (None, "", 0)
    assert consent.reason_not(row, row.visitor) == ""


def test_a_subscription_that_is_not_there_is_said_so(runtime: Runtime):
    with pytest.raises(NotFound, match=r"There is no such subscription."):
        consent.record_stop(runtime, 4711)
