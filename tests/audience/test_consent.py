"""The consent gate: each case by the rule in Python and by the rule in SQL, which must agree."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select

from tests.support.factories import (
    actions,
    make_note,
    make_service,
    make_subscription,
    make_visitor,
)
from webapp.audience import consent, quarantine
from webapp.audience.consents import hearing, history, recording
from webapp.audience.models import Subscription, Visitor
from webapp.kernel.errors import Invalid, NotFound
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
    ("both in one second", {"opted_in_at": LATE, "opted_out_at": LATE}, True, "wrote_stop"),
    ("in doubt", WROTE | {"doubted_at": LATE}, True, "in_doubt"),
    ("in doubt, never wrote", SILENT | {"doubted_at": LATE}, True, "in_doubt"),
    ("opted in after a doubt", {"opted_in_at": LATE, "doubted_at": EARLY}, True, ""),
    ("a doubt as it opted in", {"opted_in_at": LATE, "doubted_at": LATE}, True, "in_doubt"),
    ("STOP hides a doubt", {"opted_out_at": LATE, "doubted_at": LATE}, True, "wrote_stop"),
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


def agreed(**values) -> recording.Agreement:
    return recording.Agreement(**{"proof": "A card", "purpose": "News"} | values)


def test_an_operator_records_consent_with_its_proof(runtime: Runtime):
    row = make_subscription(runtime, make_service(runtime), **SILENT)

    recording.record_opt_in(runtime, row.id, agreed(proof=" Signed at the fair in Lyon "))

    said = history.agreement(runtime, row)
    assert (said.at, said.proof) == (row.opted_in_at, "Signed at the fair in Lyon")
    assert said.purpose == "News"
    assert actions(runtime)[-1] == "subscription.opt_in"


@pytest.mark.parametrize("lacks", ["proof", "purpose"])
def test_an_opt_in_without_proof_or_purpose_is_refused(runtime: Runtime, lacks: str):
    row = make_subscription(runtime, make_service(runtime), **SILENT)

    with pytest.raises(Invalid) as caught:
        recording.record_opt_in(runtime, row.id, agreed(**{lacks: "  "}))

    assert list(caught.value.fields) == [lacks]
    assert row.opted_in_at is None


def test_an_opt_in_bears_the_day_it_was_given_and_none_to_come(runtime: Runtime):
    row = make_subscription(runtime, make_service(runtime), **SILENT)
    tomorrow, before = runtime.now() + timedelta(days=1), runtime.now() - timedelta(days=9)

    with pytest.raises(Invalid, match="still to come"):
        recording.record_opt_in(runtime, row.id, agreed(at=tomorrow))
    with pytest.raises(Invalid, match="still to come"):
        recording.record_stop(runtime, row.id, at=tomorrow)
    recording.record_opt_in(runtime, row.id, agreed(at=before))

    assert row.opted_in_at == before


def test_an_agreement_from_before_a_stop_gives_nothing_back(runtime: Runtime):
    row = make_subscription(runtime, make_service(runtime), opted_out_at=LATE)

    with pytest.raises(Invalid, match="Only a later agreement"):
        recording.record_opt_in(runtime, row.id, agreed(at=EARLY))

    assert consent.reason_not(row, row.visitor) == "wrote_stop"


def test_an_opt_out_bears_a_note_and_a_day_that_holds(runtime: Runtime):
    row = make_subscription(runtime, make_service(runtime), opted_in_at=EARLY)

    with pytest.raises(Invalid, match="opted in after that"):
        recording.record_stop(runtime, row.id, at=EARLY - timedelta(days=1))
    recording.record_stop(runtime, row.id, at=LATE, note=" By phone ")

    said = history.of_person(runtime, row.visitor)[0]
    assert (row.opted_out_at, said.at, said.proof) == (LATE, LATE, "By phone")
    assert consent.reason_not(row, row.visitor) == "wrote_stop"


def test_an_operator_records_a_stop_that_holds_at_once(runtime: Runtime):
    row = make_subscription(runtime, make_service(runtime))

    recording.record_stop(runtime, row.id)

    assert consent.reason_not(row, row.visitor) == "wrote_stop"
    assert actions(runtime)[-1] == "subscription.stop"


def test_an_opt_out_of_an_earlier_day_takes_no_later_stop_back(runtime: Runtime):
    row = make_subscription(runtime, make_service(runtime), opted_out_at=LATE)

    recording.record_stop(runtime, row.id, at=EARLY)
    with pytest.raises(Invalid, match="Only a later agreement"):
        recording.record_opt_in(runtime, row.id, agreed(at=EARLY + timedelta(hours=1)))

    assert row.opted_out_at == LATE
    assert consent.reason_not(row, row.visitor) == "wrote_stop"


REFUSALS = {
    "an operator's note": lambda runtime, row, _at: recording.record_stop(runtime, row.id),
    "a STOP": lambda runtime, row, at: hearing.hear_stop(
        runtime, row, make_note(runtime, row, at=at)
    ),
    "a complaint": lambda runtime, row, at: hearing.hear_end(runtime, row, at, "complained"),
    "a doubt": lambda runtime, row, at: hearing.hear_doubt(
        runtime, row, make_note(runtime, row, at=at)
    ),
}


@pytest.mark.parametrize("refuse", REFUSALS.values(), ids=REFUSALS)
def test_an_opt_in_that_a_clock_set_back_left_ahead_hides_no_refusal(runtime: Runtime, refuse):
    ahead = runtime.now() + timedelta(hours=1)
    row = make_subscription(runtime, make_service(runtime), opted_in_at=ahead)

    refuse(runtime, row, runtime.now())
    runtime.session.commit()

    assert consent.reason_not(row, row.visitor) in {"wrote_stop", "in_doubt"}
    open_to = select(Subscription.id).join(Visitor).where(consent.may_be_messaged())
    assert list(runtime.session.scalars(open_to)) == []


def test_a_lifted_quarantine_begins_counting_anew(runtime: Runtime):
    row = make_subscription(
        runtime, make_service(runtime), quarantined_at=EARLY, quarantine_reason="gone"
    )

    quarantine.lift(runtime, row.id)

    assert (row.quarantined_at, row.quarantine_reason, row.soft_failures) == (None, "", 0)
    assert consent.reason_not(row, row.visitor) == ""


def test_a_subscription_that_is_not_there_is_said_so(runtime: Runtime):
    with pytest.raises(NotFound, match=r"There is no such subscription."):
        recording.record_stop(runtime, 4711)


@pytest.mark.parametrize("accepts", [None, True, False])
def test_the_standing_in_sql_is_that_of_each_person(runtime: Runtime, *, accepts: bool | None):
    service, now = make_service(runtime), runtime.now()
    moments = (None, now - timedelta(days=1), now)
    for wrote, into, out, doubt in product(moments[:2], moments, moments, moments):
        make_subscription(
            runtime,
            service,
            make_visitor(runtime, accepts_messages=accepts),
            wrote_first_at=wrote,
            opted_in_at=into,
            opted_out_at=out,
            doubted_at=doubt,
            quarantined_at=now if wrote and out is None and doubt is None else None,
            ended_at=now if wrote and into else None,
        )
    query = select(Subscription, consent.standing_in_sql(), consent.rank_in_sql()).join(Visitor)

    rows = runtime.session.execute(query).all()

    assert len(rows) == 54
    for tie, code, rank in rows:
        assert code == consent.standing(tie, tie.visitor)
        assert rank == consent.rank(tie, tie.visitor)
