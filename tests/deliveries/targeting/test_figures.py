"""What was counted of a large target is kept while its text is written, and pages say when."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from channels.clock import FileClock
from tests.support.deliveries import begin, ready, sent
from tests.support.factories import (
    make_delivery,
    make_subscription,
    make_subscriptions,
    make_visitor,
)
from webapp.audience.models import Subscription, Visitor
from webapp.deliveries import analysis
from webapp.deliveries.analysis import rules
from webapp.deliveries.analysis.rules import repeats
from webapp.deliveries.drafts import editing
from webapp.deliveries.drafts.editing import DeliveryChanges
from webapp.deliveries.models import Delivery, TargetCount
from webapp.deliveries.queries import exclusions
from webapp.deliveries.targeting import figures
from webapp.deliveries.targeting.figures import TargetFigures
from webapp.kernel.db import reading
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

NOW = timedelta()


@pytest.fixture
def draft(runtime: Runtime, service: Service, monkeypatch: pytest.MonkeyPatch) -> Delivery:
    """A draft to four people, which is many here."""
    monkeypatch.setattr(figures, "LARGE", 2)
    for number in range(4):
        visitor = make_visitor(runtime, name=f"Person {'x' * number}")
        make_subscription(runtime, service, visitor=visitor)
    return make_delivery(runtime, service)


def one_refuses(runtime: Runtime) -> None:
    tie = runtime.session.query(Subscription).order_by(Subscription.id).first()
    assert tie is not None
    tie.opted_out_at = runtime.now()
    runtime.session.commit()


def known(runtime: Runtime, draft: Delivery, oldest: timedelta) -> TargetFigures:
    """The figures as a page asks for them, which begins anew and only reads."""
    runtime.session.commit()
    runtime.session.expire_all()
    with reading():
        found = figures.known(runtime, draft, oldest)
        runtime.session.commit()
    return found


def eligible(runtime: Runtime, draft: Delivery, oldest: timedelta) -> int:
    return known(runtime, draft, oldest).counts.eligible


def test_who_types_sees_what_was_counted_last(runtime: Runtime, draft: Delivery, clock: FileClock):
    at = runtime.now()
    assert eligible(runtime, draft, figures.FRESH) == 4
    one_refuses(runtime)
    clock.advance(timedelta(hours=1))

    found = known(runtime, draft, figures.ANY_AGE)

    assert (found.counts.eligible, found.counts.excluded) == (4, [])
    assert found.counted_at == at
    assert [len(visitor.name) for visitor in found.longest] == [10, 9, 8, 6]


def test_who_opens_a_draft_sees_no_figures_older_than_ten_minutes(
    runtime: Runtime, draft: Delivery, clock: FileClock
):
    assert eligible(runtime, draft, figures.FRESH) == 4
    one_refuses(runtime)

    clock.advance(timedelta(minutes=9))
    assert eligible(runtime, draft, figures.FRESH) == 4
    clock.advance(timedelta(minutes=1))
    found = known(runtime, draft, figures.FRESH)

    assert (found.counts.eligible, found.counts.excluded) == (3, [("wrote_stop", 1)])
    assert found.counted_at is None


def test_a_clock_that_was_set_back_keeps_no_figures_young(
    runtime: Runtime, draft: Delivery, clock: FileClock
):
    assert eligible(runtime, draft, figures.FRESH) == 4
    one_refuses(runtime)
    clock.set(runtime.now() - timedelta(days=1))

    assert eligible(runtime, draft, figures.FRESH) == 3


def test_another_target_is_counted_at_once(runtime: Runtime, draft: Delivery):
    assert eligible(runtime, draft, figures.ANY_AGE) == 4
    one_refuses(runtime)
    narrowed = [{"field": "friends", "op": "more", "value": 0}]
    editing.edit(runtime, draft.id, DeliveryChanges(filters=narrowed))

    assert eligible(runtime, draft, figures.ANY_AGE) == 3


def test_another_text_is_no_other_target(runtime: Runtime, draft: Delivery):
    assert eligible(runtime, draft, figures.ANY_AGE) == 4
    one_refuses(runtime)
    editing.edit(runtime, draft.id, DeliveryChanges(content="Hello {first_name}, it is spring."))

    assert eligible(runtime, draft, figures.ANY_AGE) == 4


def test_a_small_target_is_counted_each_time(runtime: Runtime, service: Service):
    make_subscriptions(runtime, service, 2)
    draft = make_delivery(runtime, service)
    assert eligible(runtime, draft, figures.ANY_AGE) == 2
    one_refuses(runtime)

    assert eligible(runtime, draft, figures.ANY_AGE) == 1
    assert runtime.session.query(TargetCount).count() == 0


def test_an_analysis_counts_who_gets_it_now(runtime: Runtime, draft: Delivery):
    assert eligible(runtime, draft, figures.ANY_AGE) == 4
    one_refuses(runtime)

    analysis.start(runtime, draft.id)
    found = analysis.analyse(runtime, draft.id)

    assert (found.analysis["eligible"], found.analysis["matched"]) == (3, 4)


def test_who_was_erased_since_is_not_read_as_an_example(runtime: Runtime, draft: Delivery):
    assert eligible(runtime, draft, figures.ANY_AGE) == 4
    runtime.session.query(Visitor).filter(Visitor.name == "Person xxx").delete()

    found = known(runtime, draft, figures.ANY_AGE)

    assert [len(visitor.name) for visitor in found.longest] == [9, 8, 6]


def test_who_has_no_first_name_is_counted_of_those_who_get_it(runtime: Runtime, draft: Delivery):
    people = runtime.session.query(Visitor).order_by(Visitor.id).all()
    people[0].first_name = people[1].first_name = ""
    one_refuses(runtime)

    for oldest in (NOW, figures.ANY_AGE):
        assert known(runtime, draft, oldest).nameless == 1


def test_the_pages_of_a_draft_say_when_it_was_counted_and_count_again(
    runtime: Runtime, draft: Delivery, marketer: FlaskClient
):
    pages = [f"/deliveries/{draft.id}/{name}" for name in ("compose?step=target", "people")]
    first = [marketer.get(page).text for page in pages]
    assert "4 people" in first[0]
    assert "the analysis counts again" not in first[0]
    one_refuses(runtime)

    for page in pages:
        kept = marketer.get(page).text
        assert "the analysis counts again" in kept
        assert "recount=1" in kept
    again = [marketer.get(f"{page}{'&' if '?' in page else '?'}recount=1").text for page in pages]

    assert "3 people" in again[0]
    assert "3 get it, 1 of 4 are left out" in again[1]
    assert "the analysis counts again" not in again[0] + again[1]


def test_the_exclusions_of_a_draft_say_when_they_were_counted(
    runtime: Runtime, draft: Delivery, marketer: FlaskClient
):
    page = f"/deliveries/{draft.id}/exclusions"
    assert "Nobody is left out." in marketer.get(page).text
    one_refuses(runtime)

    assert "the analysis counts again" in marketer.get(page).text
    assert "Left out in all" in marketer.get(f"{page}?recount=1").text
    assert exclusions.left_out(runtime, draft, NOW).by_reason == [("wrote_stop", 1)]


def test_an_unasked_save_shows_what_was_counted_last(
    runtime: Runtime, draft: Delivery, marketer: FlaskClient
):
    marketer.get(f"/deliveries/{draft.id}/compose")
    one_refuses(runtime)
    typed = {"step": "content", "content": "Spring is here. {opt_out}"}
    fragment = {"HX-Request": "true", "HX-Target": "side"}

    saved = marketer.post(f"/deliveries/{draft.id}/compose", data=typed, headers=fragment)

    assert saved.status_code == 200
    assert "1 of 4" in saved.text
    assert "the analysis counts again" in saved.text


@pytest.mark.parametrize(("most", "said"), [(1, "At least 2 people got this"), (9, "3 people got")])
def test_of_a_large_target_no_more_than_some_are_counted_who_got_the_text(
    runtime: Runtime, service: Service, monkeypatch: pytest.MonkeyPatch, most: int, said: str
):
    monkeypatch.setattr(figures, "LARGE", 2)
    monkeypatch.setattr(repeats, "MOST", most)
    before = sent(runtime, service)
    draft = make_delivery(runtime, service, content=before.content)
    known(runtime, draft, NOW)

    facts = rules.gather(runtime, draft, figures.ANY_AGE)
    (found,) = [item for item in rules.findings(runtime, facts) if item.code == "again"]

    assert said in found.message


def test_who_only_waits_for_the_text_is_told_apart_of_a_large_target(
    runtime: Runtime, service: Service, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(figures, "LARGE", 2)
    before = begin(runtime, ready(runtime, service))
    draft = make_delivery(runtime, service, content=before.content)
    known(runtime, draft, NOW)

    facts = rules.gather(runtime, draft, figures.ANY_AGE)
    (found,) = [item for item in rules.findings(runtime, facts) if item.code == "again"]

    assert "3 people wait for this very text" in found.message
