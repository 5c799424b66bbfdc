"""A verdict says no more than the rows show, holds what was sealed, and survives erasures."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, update

from channels.clock import FileClock
from tests.experiments.conftest import OTHER, experiment, figures
from tests.support.cli import Cli
from webapp.deliveries import counters
from webapp.deliveries.models import (
    Arm,
    Delivery,
    DeliveryState,
    ExperimentPlan,
    Message,
    MessageState,
    Metric,
    StopRule,
)
from webapp.experiments import judging, keeping, planning
from webapp.experiments.verdict import Verdict
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.tracking.models import Click, ClickKind, Conversion, TrackedLink

KEYS = count(1)
WITHIN = timedelta(hours=24)
HALVES = {"weight": 50, "arms": (Arm(text=OTHER, weight=50),)}


@pytest.fixture
def trial(runtime: Runtime, draft: Delivery) -> Delivery:
    """An experiment that is over by its rows, whose readers a test adds."""
    return finished(runtime, draft)


def finished(runtime: Runtime, draft: Delivery, **changes: Any) -> Delivery:
    plan = HALVES | {"held_out": 0, "people": 2_000, "expected": 1_000} | changes
    planning.plan(runtime, draft.id, experiment(**plan))
    draft.state, draft.confirmed_at = DeliveryState.FINISHED, runtime.now()
    draft.confirmed_by, draft.started_at = "Inès", runtime.now() - timedelta(days=10)
    draft.finished_at = runtime.now()
    runtime.session.add(TrackedLink(
        delivery_id=draft.id, digest="1", address="https://shop.example/spring", personal=False,
        made_at=runtime.now(),
    ))  # fmt: skip
    runtime.session.commit()
    return draft


def add(
    runtime: Runtime,
    trial: Delivery,
    arm: int,
    people: int,
    clicks: int,
    *,
    at: timedelta = timedelta(),
    after: timedelta = timedelta(hours=1),
    kind: ClickKind = ClickKind.PERSON,
) -> None:
    """Write so many messages of an arm, sent `at` a time, and who of them clicked how late."""
    sent_at = trial.started_at + at
    same = {
        "delivery_id": trial.id, "service_id": trial.services[0].id, "kind": trial.kind,
        "state": MessageState.SENT, "variant_id": trial.variants[arm].id, "said": "",
        "reason": "", "sent_at": sent_at, "changed_at": sent_at, "tries": 1,
    }  # fmt: skip
    rows = [same | {"recipient": f"erased:{next(KEYS)}"} for _person in range(people)]
    made = runtime.session.scalars(insert(Message).returning(Message.id), rows).all()
    link = runtime.session.scalars(select(TrackedLink.id)).first()
    moment = sent_at + after
    found = [
        {
            "id": next(KEYS), "key": next(KEYS), "link_id": link, "message_id": number,
            "service_id": trial.services[0].id, "at": moment, "quarter": 0, "kind": kind,
        }
        for number in made[:clicks]
    ]  # fmt: skip
    if found:
        runtime.session.execute(insert(Click), found)
    runtime.session.commit()


def verdicts(runtime: Runtime, trial: Delivery) -> list[Verdict]:
    return [answer.found.verdict for answer in judging.judge(runtime, trial).answers]


def test_a_clear_difference_is_shown_once_everybody_had_their_time(
    runtime: Runtime, trial: Delivery, clock: FileClock
):
    add(runtime, trial, 0, 300, 30, at=timedelta(days=10))
    add(runtime, trial, 1, 300, 90, at=timedelta(days=10))

    early = judging.judge(runtime, trial)
    assert [item.found.verdict for item in early.answers] == [Verdict.RUNNING]
    assert (early.waiting, early.answers[0].second.people) == (600, 0)

    clock.advance(WITHIN)
    judged = judging.judge(runtime, trial)
    answer = judged.answers[0]
    assert answer.found.verdict is Verdict.SHOWN
    assert (answer.first.did, answer.second.did, answer.second.people) == (30, 90, 300)
    assert answer.found.low > 0
    assert judged.is_sound
    assert judged.is_over


@pytest.mark.parametrize(
    ("clicks", "matters", "expected"),
    [((9, 14), 10, Verdict.CANNOT_TELL), ((280, 283), 60, Verdict.NO_DIFFERENCE)],
)
def test_what_is_not_shown_is_said_as_well(
    runtime: Runtime, draft: Delivery, clicks, matters, expected
):
    trial = finished(runtime, draft, matters=matters)
    for arm, number in enumerate(clicks):
        add(runtime, trial, arm, 300, number)

    assert verdicts(runtime, trial) == [expected]


def test_who_clicks_too_late_or_is_a_machine_did_nothing(runtime: Runtime, trial: Delivery):
    add(runtime, trial, 0, 300, 60, after=WITHIN + timedelta(seconds=1))
    add(runtime, trial, 1, 300, 60, kind=ClickKind.FETCHER)

    answer = judging.judge(runtime, trial).answers[0]

    assert (answer.first.did, answer.second.did) == (0, 0)


def test_what_followed_the_click_of_a_machine_is_of_nobody(runtime: Runtime, draft: Delivery):
    trial = finished(runtime, draft, metric=Metric.CONVERTED)
    add(runtime, trial, 0, 300, 60)
    add(runtime, trial, 1, 300, 60, kind=ClickKind.FETCHER)
    for click in runtime.session.scalars(select(Click)).all():
        runtime.session.add(Conversion(
            click_key=click.key, link_id=click.link_id, kind="order", at=click.at
        ))  # fmt: skip
    runtime.session.commit()

    answer = judging.judge(runtime, trial).answers[0]

    assert (answer.first.did, answer.second.did) == (60, 0)


def test_a_delivery_of_which_nothing_went_out_lost_no_messages(runtime: Runtime, trial: Delivery):
    assert judging.judge(runtime, trial).is_gone
    add(runtime, trial, 0, 1, 0)
    runtime.session.execute(update(Message).values(state=MessageState.IGNORED))
    runtime.session.commit()

    assert not judging.judge(runtime, trial).is_gone


def test_a_plan_may_say_that_the_first_day_with_a_difference_decides(
    runtime: Runtime, draft: Delivery
):
    trial = finished(runtime, draft, stop=StopRule.SHOWN)
    add(runtime, trial, 0, 300, 10)
    add(runtime, trial, 1, 300, 90)
    add(runtime, trial, 0, 300, 290, at=timedelta(days=3))
    add(runtime, trial, 1, 300, 190, at=timedelta(days=3))

    answer = judging.judge(runtime, trial).answers[0]

    assert (answer.found.verdict, answer.is_early) == (Verdict.SHOWN, True)
    assert (answer.first.did, answer.first.people, answer.second.did) == (10, 300, 90)
    db.session.execute(update(ExperimentPlan).values(stop=StopRule.END))
    runtime.session.expire_all()
    assert judging.judge(runtime, trial).answers[0].first.did == 300


def test_nothing_is_said_of_a_plan_that_is_not_the_sealed_one(
    runtime: Runtime, admin: FlaskClient, cli: Cli, trial: Delivery
):
    add(runtime, trial, 0, 300, 30)
    add(runtime, trial, 1, 300, 90)
    number = trial.id
    runtime.session.execute(update(ExperimentPlan).values(matters=50))
    runtime.session.commit()

    page = admin.get(f"/deliveries/{number}/experiment").text
    said = cli("experiment", "verify", str(number))

    assert "Seal is broken" in page
    assert "B brings more" not in page
    assert (said.code, "not what was sealed" in said.out) == (1, True)


def test_who_is_held_out_waits_with_the_message_before_them(runtime: Runtime, draft: Delivery):
    trial = finished(runtime, draft, weight=40, held_out=20, arms=(Arm(text=OTHER, weight=40),))
    ended = [
        (MessageState.SENT, "", None), (MessageState.FAILED, "gone", None),
        (MessageState.IGNORED, "opted_out", "claimed"), (MessageState.PENDING, "", None),
        (MessageState.CANCELLED, "stopped", None), (MessageState.IGNORED, "no_consent", None),
    ]  # fmt: skip
    held = MessageState.IGNORED, "held_out", None
    same = {"delivery_id": trial.id, "service_id": trial.services[0].id, "kind": trial.kind}
    same |= {"variant_id": trial.variants[0].id, "changed_at": trial.started_at, "tries": 0}
    rows = [
        same | {"recipient": f"erased:{next(KEYS)}", "state": state, "reason": reason, "key": key}
        for state, reason, key in (row for one in ended for row in (one, held, held))
    ]
    runtime.session.execute(insert(Message), [row | {"said": ""} for row in rows])
    runtime.session.commit()

    judged = judging.judge(runtime, trial)

    # Behind what waits or was stopped nobody has had their time; behind the others two each.
    assert judged.people == {"A": 1, "B": 0, "0": 6}
    written_or_held = judged.answers[1]
    assert (written_or_held.first.people, written_or_held.second.people) == (6, 3)
    assert judged.answers[0].first.people == 1


def test_nothing_is_said_where_people_were_lost_on_the_way_into_an_arm(
    runtime: Runtime, trial: Delivery
):
    add(runtime, trial, 0, 300, 30)
    add(runtime, trial, 1, 200, 90)

    assert not judging.judge(runtime, trial).is_sound


def test_the_page_tells_the_verdict_with_its_figures(
    runtime: Runtime, admin: FlaskClient, trial: Delivery
):
    add(runtime, trial, 0, 300, 30)
    add(runtime, trial, 1, 300, 90)
    number = trial.id
    runtime.session.rollback()

    page = admin.get(f"/deliveries/{number}/experiment").text

    assert "B brings more than A" in page
    assert "30.0 %" in page
    assert "B is 20.0 points above A" in page
    assert f"./run experiment verify {number}" in page
    assert f"/deliveries/{number}/experiment" in admin.get(f"/deliveries/{number}").text


def test_what_was_found_stays_when_the_messages_leave(
    runtime: Runtime, admin: FlaskClient, cli: Cli, trial: Delivery
):
    add(runtime, trial, 0, 300, 0)
    add(runtime, trial, 1, 300, 90)
    before = figures(runtime, trial)
    trial.finished_at, number = runtime.now() - counters.KEPT - timedelta(days=1), trial.id
    rule = next(item for item in runtime.domains.retention if item.name == "messages")

    rule.first(runtime, runtime.now() - rule.age)
    runtime.session.execute(delete(Message))
    runtime.session.commit()

    found = keeping.judged(runtime, trial)
    assert figures(runtime, trial) == before
    assert (found.answers[0].found.verdict, found.is_sound) == (Verdict.SHOWN, True)
    runtime.session.rollback()
    assert "B brings more than A" in admin.get(f"/deliveries/{number}/experiment").text
    assert "Its messages left" in cli("experiment", "verify", str(number)).out
    runtime.session.get_one(Delivery, number).variants[1].parts[0].text += " Changed later."
    runtime.session.commit()
    assert cli("experiment", "verify", str(number)).code == 1
