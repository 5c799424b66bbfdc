"""The parts of a thread are added, removed, moved and split; each keeps what is its own."""

import pytest

from tests.support.deliveries import saying
from tests.support.factories import make_delivery
from webapp.deliveries import arranging
from webapp.deliveries.arranging import Step, Wish
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery, DeliveryKind, PartText
from webapp.kernel.errors import Invalid
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


@pytest.fixture
def thread(runtime: Runtime, service: Service) -> Delivery:
    draft = make_delivery(runtime, service, kind=DeliveryKind.POST)
    return saying(runtime, draft, ["One.", "Two.", "Three."])


def texts(delivery: Delivery) -> list[str]:
    return [part.text for part in delivery.parts]


@pytest.mark.parametrize(
    ("wish", "expected", "focus"),
    [
        (Wish(step=Step.UP, at=2), ["One.", "Three.", "Two."], 1),
        (Wish(step=Step.UP, at=0), ["One.", "Two.", "Three."], 0),
        (Wish(step=Step.DOWN, at=0), ["Two.", "One.", "Three."], 1),
        (Wish(step=Step.DOWN, at=2), ["One.", "Two.", "Three."], 2),
        (Wish(step=Step.REMOVE, at=0), ["Two.", "Three."], 0),
        (Wish(step=Step.REMOVE, at=2), ["One.", "Two."], 1),
        (Wish(step=Step.ADD, at=1), ["One.", "", "Two.", "Three."], 1),
        (Wish(step=Step.RESTORE, at=3, text="Four."), ["One.", "Two.", "Three.", "Four."], 3),
    ],
)
def test_a_step_gives_the_parts_in_their_new_order(
    runtime: Runtime, thread: Delivery, wish: Wish, expected: list[str], focus: int
):
    done = arranging.arrange(runtime, thread.id, wish)

    runtime.session.expire_all()
    assert texts(thread) == expected
    assert [row.position for row in thread.variants[0].parts] == list(range(len(expected)))
    assert done.focus == focus


def test_a_part_that_moves_takes_its_subject_along(runtime: Runtime, thread: Delivery):
    thread.variants[0].parts[2].subject = "Last"
    runtime.session.commit()

    arranging.arrange(runtime, thread.id, Wish(step=Step.UP, at=2))

    runtime.session.expire_all()
    assert [row.subject for row in thread.variants[0].parts] == ["", "Last", ""]


def test_what_was_proved_is_void_once_the_order_is_another(runtime: Runtime, thread: Delivery):
    seal = thread.content_hash

    arranging.arrange(runtime, thread.id, Wish(step=Step.DOWN, at=0))

    assert thread.content_hash != seal


def test_the_other_variants_stay_as_they_are(runtime: Runtime, thread: Delivery):
    saying(runtime, thread, ["One.", "Two."], ["Another."])

    arranging.arrange(runtime, thread.id, Wish(step=Step.REMOVE, at=0))

    runtime.session.expire_all()
    assert thread.texts == ["Two.", "Another."]


def test_a_text_that_is_too_long_becomes_parts_that_fit(runtime: Runtime, thread: Delivery):
    sentence = "Each of these sentences is about as long as the one before it. "
    long = PartText((sentence * 9).strip(), thread.parts[0].row_id)
    editing.edit(runtime, thread.id, editing.DeliveryChanges(parts=[long, *thread.parts[1:]]))

    done = arranging.arrange(runtime, thread.id, Wish(step=Step.SPLIT))

    found = texts(thread)
    assert len(found) == 5
    assert all(len(text) <= 280 for text in found)
    assert " ".join(found[:3]) == long.text
    assert done.focus == 1
    again = arranging.arrange(runtime, thread.id, Wish(step=Step.SPLIT))
    assert again.words == "Every part fits: there is nothing to split."


@pytest.mark.parametrize("asked", ["", "fly-1", "up", "up-x", "up-9999", "up-3", "remove-7"])
def test_a_step_that_is_none_changes_nothing(runtime: Runtime, thread: Delivery, asked: str):
    with pytest.raises(Invalid):
        arranging.arrange(runtime, thread.id, arranging.wish_of(asked))
    runtime.session.rollback()
    assert texts(thread) == ["One.", "Two.", "Three."]


def test_the_last_part_stays(runtime: Runtime, service: Service):
    post = make_delivery(runtime, service, kind=DeliveryKind.POST)

    with pytest.raises(Invalid):
        arranging.arrange(runtime, post.id, Wish(step=Step.REMOVE))


def test_more_parts_than_are_kept_are_refused(runtime: Runtime, thread: Delivery):
    many = [PartText("More.") for _ in range(101)]

    with pytest.raises(Invalid, match="at most 100"):
        editing.edit(runtime, thread.id, editing.DeliveryChanges(parts=many))
