"""Answers are added and never changed, and what the gate asks follows from all of them."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import select

from tests.support.factories import (
    answer,
    make_service,
    make_subscription,
    make_subscriptions,
    make_visitor,
)
from webapp.audience import consent
from webapp.audience.consents import history, ledger, recording, wordings
from webapp.audience.consents.ledger import Said
from webapp.audience.consents.state import State, state_of
from webapp.audience.consents.wordings import Wording
from webapp.audience.models import Answer, Consent, ConsentScope, ConsentSource, ConsentWording
from webapp.kernel.runtime import Runtime

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def row(number: int, said: Answer, hour: int, **more) -> Consent:
    plain = {"scope": ConsentScope.MESSAGES, "source": ConsentSource.OPERATOR}
    return Consent(id=number, answer=said, at=NOON + hour * HOUR, **plain | more)


def test_the_first_word_and_the_last_of_all_else_count_in_whatever_order_they_are_read():
    rows = [
        row(1, Answer.WROTE_FIRST, 1, source=ConsentSource.MESSAGE),
        row(2, Answer.OPT_IN, 0, source=ConsentSource.MESSAGE),
        row(3, Answer.OPT_OUT, 2),
        row(4, Answer.OPT_IN, 3),
        row(5, Answer.DOUBT, 4, replaces_id=None),
    ]
    known = {
        "wrote_first_at": NOON,
        "opted_in_at": NOON + 3 * HOUR,
        "opted_out_at": NOON + 2 * HOUR,
        "doubted_at": NOON + 4 * HOUR,
    }

    assert {state_of(order) for order in permutations(rows)} == {State(**known)}
    again = row(6, Answer.OPT_IN, 5)
    assert state_of([*rows, again]).doubted_at is None


def test_a_row_that_was_put_right_counts_no_more():
    rows = [row(1, Answer.OPT_IN, 0), row(2, Answer.DOUBT, 0, replaces_id=1)]

    assert state_of(rows) == State(doubted_at=NOON)
    assert state_of([*rows, row(3, Answer.VOID, 0, replaces_id=2)]) == State()


def test_a_yes_to_something_else_lets_nobody_be_messaged(runtime: Runtime):
    tie = make_subscription(runtime, make_service(runtime), wrote_first_at=None)
    for scope in (ConsentScope.PROFILE, ConsentScope.EMAIL):
        said = Said(answer=Answer.OPT_IN, source=ConsentSource.PAGE, at=NOON, scope=scope)
        ledger.append(runtime, tie, said)

    assert consent.reason_not(tie, tie.visitor) == "no_consent"


def test_what_was_written_down_is_neither_changed_nor_deleted(runtime: Runtime):
    tie = make_subscription(runtime, make_service(runtime))
    said = runtime.session.scalars(select(Consent)).one()

    said.at = NOON
    with pytest.raises(TypeError, match="stays as it is"):
        runtime.session.flush()
    runtime.session.rollback()
    runtime.session.delete(runtime.session.get_one(Consent, said.id))
    with pytest.raises(TypeError, match="stays as it is"):
        runtime.session.flush()
    runtime.session.rollback()

    assert tie.wrote_first_at == runtime.session.scalars(select(Consent.at)).one()


def test_an_agreement_keeps_its_wording_once_for_all_who_agreed_to_it(runtime: Runtime):
    service = make_service(runtime)
    words = Wording(text="News, once a month", version="3", language="en")
    agreed = recording.Agreement(proof="Stand 7", purpose="News", wording=words)
    ties = make_subscriptions(runtime, service, 2)

    for tie in ties:
        recording.record_opt_in(runtime, tie.id, agreed)

    kept = [history.agreement(runtime, tie) for tie in ties]
    assert {(item.wording.text, item.wording.version) for item in kept} == {(words.text, "3")}
    assert runtime.session.query(ConsentWording).count() == 1


def test_words_that_only_one_person_agreed_to_go_with_them(runtime: Runtime):
    service, ana = make_service(runtime), make_visitor(runtime)
    shared, own = Wording(text="News"), Wording(text="Yes, I am Ana")
    for visitor, words in ((ana, shared), (make_visitor(runtime), shared), (ana, own)):
        tie = runtime.session.scalar(
            select(ledger.Subscription).where(ledger.Subscription.visitor_id == visitor.id)
        ) or make_subscription(runtime, service, visitor)
        agreed = recording.Agreement(proof="Fair", purpose="News", wording=words)
        recording.record_opt_in(runtime, tie.id, agreed)

    wordings.forget_own_of(runtime, ana)

    kept = select(ConsentWording.hash, ConsentWording.text)
    assert dict(runtime.session.execute(kept).all()) == {shared.hash: "News", own.hash: ""}
    wordings.number_of(runtime, own)
    assert dict(runtime.session.execute(kept).all())[own.hash] == "Yes, I am Ana"


def test_two_who_answer_at_once_both_count(runtime: Runtime):
    """The columns are made of the rows, not of what somebody read before."""
    tie = make_subscription(runtime, make_service(runtime))
    runtime.session.expunge(tie)  # as another process holds it, from before
    again = runtime.session.get_one(ledger.Subscription, tie.id)
    answer(runtime, again, opted_out_at=NOON + 2 * HOUR)

    answer(runtime, tie, opted_in_at=NOON + HOUR)

    assert (again.opted_in_at, again.opted_out_at) == (NOON + HOUR, NOON + 2 * HOUR)
