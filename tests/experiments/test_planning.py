"""An experiment is planned with its draft, sealed with it, and shares people out for good."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.deliveries.conftest import short_stretches
from tests.experiments.conftest import OTHER, experiment
from tests.support.deliveries import begin
from tests.support.factories import make_delivery
from tests.support.fakes import FakeNetwork
from webapp.deliveries import analysis, control, sending, variants
from webapp.deliveries.approval import recipients
from webapp.deliveries.drafts import copying, editing
from webapp.deliveries.models import (
    Arm,
    Delivery,
    DeliveryKind,
    DeliveryState,
    DeliveryVariant,
    Message,
    MessageState,
    Metric,
    PartMedia,
    StopRule,
)
from webapp.experiments import planning
from webapp.kernel.errors import Invalid
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service
from webapp.tracking import choices

__all__ = ["short_stretches"]


def analysed(runtime: Runtime, delivery: Delivery) -> Delivery:
    analysis.start(runtime, delivery.id)
    return analysis.analyse(runtime, delivery.id)


def messages(runtime: Runtime, delivery: Delivery) -> list[Message]:
    rows = select(Message).where(Message.delivery_id == delivery.id).order_by(Message.id)
    return list(runtime.session.scalars(rows))


def test_a_plan_is_kept_and_voids_what_was_analysed(runtime: Runtime, draft: Delivery):
    sealed = analysed(runtime, draft).content_hash

    planning.plan(runtime, draft.id, experiment())

    runtime.session.expire_all()
    assert draft.experiment == experiment()
    assert draft.state is DeliveryState.DRAFT
    assert draft.content_hash == variants.seal(draft) != sealed


def test_the_seal_covers_every_word_of_the_plan(runtime: Runtime, draft: Delivery):
    other = {
        "held_out": 0, "metric": Metric.WROTE, "within_hours": 1, "expected": 1, "people": 61,
        "matters": 1, "stop": StopRule.SHOWN,
    }  # fmt: skip
    planning.plan(runtime, draft.id, experiment())
    seals = {variants.seal(draft)}

    for name, value in other.items():
        draft.experiment = replace(experiment(), **{name: value})
        seals.add(variants.seal(draft))

    assert len(seals) == 1 + len(other)


def test_texts_come_and_go_and_the_first_one_stays(runtime: Runtime, draft: Delivery):
    first = draft.content
    third = Arm(text="And a third. {opt_out_line}", weight=15)
    arms = (*experiment(weight=45).arms, third)
    planning.plan(runtime, draft.id, experiment(weight=30, arms=arms))
    planning.plan(runtime, draft.id, experiment(weight=75, arms=(third,)))

    assert [row.parts[0].text for row in draft.variants] == [first, third.text]

    planning.plan(runtime, draft.id, None)

    runtime.session.expire_all()
    assert draft.experiment is None
    rows = runtime.session.scalars(select(DeliveryVariant)).unique().all()
    assert [(row.parts[0].text, row.weight) for row in rows] == [(first, 1)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weight": 50}, "held_out"),
        ({"weight": 91, "arms": (Arm(text=OTHER, weight=-1),)}, "weight_1"),
        ({"weight": 56, "held_out": -1}, "held_out"),
        ({"weight": 100, "arms": (), "held_out": 0, "metric": Metric.WROTE}, "text_1"),
        ({"weight": 90, "arms": ()}, "metric"),
        ({"within_hours": 0}, "within_hours"),
        ({"expected": 10_000}, "expected"),
        ({"people": 1}, "people"),
        ({"matters": 101}, "matters"),
    ],
)
def test_what_proves_nothing_is_refused(runtime: Runtime, draft: Delivery, changes, field):
    with pytest.raises(Invalid) as fault:
        planning.plan(runtime, draft.id, experiment(**changes))

    assert field in fault.value.fields


def test_two_texts_that_say_the_same_are_no_experiment(runtime: Runtime, draft: Delivery):
    same = Arm(text=f" {draft.content}\r\n", weight=45)

    with pytest.raises(Invalid) as fault:
        planning.plan(runtime, draft.id, experiment(arms=(same,)))

    assert "text_1" in fault.value.fields


def test_a_post_is_compared_and_never_tested(runtime: Runtime, service: Service):
    post = make_delivery(runtime, service, kind=DeliveryKind.POST)

    with pytest.raises(Invalid, match="Posts are compared"):
        planning.plan(runtime, post.id, experiment())


def test_clicks_that_are_of_nobody_cannot_be_what_counts(runtime: Runtime, draft: Delivery):
    choices.choose(runtime, replace(choices.chosen(runtime), names_people=False))

    with pytest.raises(Invalid, match="does not keep who clicked"):
        planning.plan(runtime, draft.id, experiment())


def test_each_text_needs_a_link_that_counts(runtime: Runtime, draft: Delivery):
    planning.plan(runtime, draft.id, experiment(arms=(Arm(text="No link.", weight=45),)))

    found = analysed(runtime, draft).analysis["findings"]

    assert [item["level"] for item in found if item["code"] == "arm_without_link"] == ["error"]


def test_an_analysis_says_which_difference_so_many_people_can_show(
    runtime: Runtime, crowd, draft: Delivery
):
    planning.plan(runtime, draft.id, experiment())

    found = {item["code"]: item for item in analysed(runtime, draft).analysis["findings"]}

    assert (found["few_people"]["level"], found["few_people"]["step"]) == ("warning", "target")


def test_everybody_gets_one_text_or_nothing_and_nobody_gets_two(
    runtime: Runtime, crowd, draft: Delivery
):
    planning.plan(runtime, draft.id, experiment())
    eligible = analysed(runtime, draft).analysis["eligible"]

    begin(runtime, draft)

    rows = messages(runtime, draft)
    held = [row for row in rows if row.reason == "held_out"]
    assert len({row.visitor_id for row in rows}) == len(rows) == 60
    assert len(rows) - len(held) == eligible
    assert 1 <= len(held) <= 15
    assert {row.state for row in held} == {MessageState.IGNORED}
    assert all(variants.holds_out(draft, row.visitor_id) == (row in held) for row in rows)
    sent = [row for row in rows if row not in held]
    assert all(row.variant_id == variants.chosen(draft, row.visitor_id) for row in sent)
    assert {row.variant_id for row in sent} == {row.id for row in draft.variants}


def test_the_order_of_an_experiment_is_shuffled(runtime: Runtime, crowd, draft: Delivery):
    planning.plan(runtime, draft.id, experiment())
    analysed(runtime, draft)

    begin(runtime, draft)

    order = [row.visitor_id for row in messages(runtime, draft)]
    assert order != sorted(order)


@pytest.mark.usefixtures("short_stretches")
def test_an_experiment_goes_to_anybody_of_all_its_stretches(
    runtime: Runtime, crowd, network: FakeNetwork, draft: Delivery
):
    planning.plan(runtime, draft.id, experiment())
    delivery = begin(runtime, analysed(runtime, draft))
    while delivery.unwritten_after is not None:
        recipients.write_more(runtime, delivery)
    runtime.session.commit()

    sending.send_batch(runtime, delivery.id)

    sent = [row for row in messages(runtime, delivery) if row.state is MessageState.SENT]
    turns = {row.visitor.remote_id: row.visitor_id for row in sent}
    order = [turns[who] for who, _text in network.directs]
    assert len({*order}) == len(order) == len(sent)
    # The first half is of old and new contacts alike; in the order of the stretches it is of old.
    middle = sorted(order)[len(order) // 2]
    assert len(order) / 20 < sum(who > middle for who in order[: len(order) // 2])


def test_with_one_text_some_people_still_get_nothing(runtime: Runtime, crowd, draft: Delivery):
    alone = experiment(weight=50, arms=(), held_out=50, metric=Metric.WROTE)
    planning.plan(runtime, draft.id, alone)
    analysed(runtime, draft)

    begin(runtime, draft)

    rows = messages(runtime, draft)
    assert {row.variant_id for row in rows} == {None}
    assert 15 <= sum(row.reason == "held_out" for row in rows) <= 45


def test_the_subject_of_another_text_is_one_line(runtime: Runtime, draft: Delivery):
    arm = Arm(text=OTHER, weight=45, subject="Spring\r\nBcc: everybody")

    planning.plan(runtime, draft.id, experiment(arms=(arm,)))

    assert draft.variants[1].parts[0].subject == "Spring Bcc: everybody"


def test_a_subject_is_as_long_as_that_of_the_first_text_may_be(runtime: Runtime, draft: Delivery):
    arm = Arm(text=OTHER, weight=45, subject="x" * 201)

    with pytest.raises(Invalid, match="at most 200") as fault:
        planning.plan(runtime, draft.id, experiment(arms=(arm,)))

    assert list(fault.value.fields) == ["subject_1"]


def test_texts_have_html_all_or_none(runtime: Runtime, draft: Delivery):
    draft.variants[0].parts[0].html = "<p>Spring</p>"
    runtime.session.commit()

    with pytest.raises(Invalid, match="in HTML, too") as fault:
        planning.plan(runtime, draft.id, experiment())
    assert list(fault.value.fields) == ["html_1"]

    arm = Arm(text=OTHER, weight=45, html="<p>Twelve</p>")
    planning.plan(runtime, draft.id, experiment(arms=(arm,)))
    assert draft.variants[1].parts[0].html == "<p>Twelve</p>"
    assert draft.experiment == experiment(arms=(arm,))

    draft.variants[0].parts[0].html = ""
    runtime.session.commit()
    found = [item["code"] for item in analysed(runtime, draft).analysis["findings"]]
    assert "arm_without_html" in found


def test_texts_show_the_same_pictures(runtime: Runtime, draft: Delivery):
    planning.plan(runtime, draft.id, experiment())
    shown = PartMedia(position=0, sha256="a" * 64, mime="image/png", bytes=3, alt="A door")
    draft.variants[0].parts[0].media.append(shown)

    found = [item["code"] for item in analysed(runtime, draft).analysis["findings"]]
    assert "arm_without_media" in found


def test_a_copy_has_the_plan(runtime: Runtime, draft: Delivery):
    planning.plan(runtime, draft.id, experiment())

    copy = copying.duplicate(runtime, draft.id)

    assert copy.experiment == experiment()
    assert copy.content_hash == draft.content_hash


def test_what_goes_to_the_rest_is_the_text_that_is_seen(runtime: Runtime, crowd, draft: Delivery):
    planning.plan(runtime, draft.id, experiment())
    delivery = begin(runtime, analysed(runtime, draft))
    control.stop(runtime, delivery.id)

    rest = copying.send_to_the_rest(runtime, delivery.id)

    assert [row.parts[0].text for row in rest.variants] == [draft.variants[0].parts[0].text]
    assert (rest.plan, rest.content_hash) == (None, variants.seal(rest))


def test_who_gets_what_says_nothing_of_whose_turn_it_is():
    rows = [DeliveryVariant(id=number, position=number, weight=1) for number in range(2)]
    delivery = Delivery(id=9, kind=DeliveryKind.DIRECT, variants=rows)
    prime, own = variants.PRIME, 9 * variants.OF_DELIVERY

    def turn(who: int) -> int:
        mixed = (who * variants.OF_TURN + own) % prime
        return mixed * mixed % prime

    order = sorted(range(1, 8_001), key=turn)
    early = [variants.chosen(delivery, who) for who in order[:4_000]]

    assert abs(sum(early) / 4_000 - 0.5) < 0.03
    assert abs(sum(order[:4_000]) / 4_000 - 4_000) < 150


def test_an_edit_of_somebody_elses_experiment_is_not_overwritten(runtime: Runtime, draft: Delivery):
    planning.plan(runtime, draft.id, experiment())

    with pytest.raises(editing.Stale):
        planning.plan(runtime, draft.id, experiment(matters=5), revision=1)
