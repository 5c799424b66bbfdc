"""Parts of a draft show pictures, within what the network takes."""

import hashlib

import pytest

from channels import Channel, Content, Finding
from tests.support.deliveries import saying
from tests.support.factories import make_delivery
from tests.support.fakes import FakeNetwork
from tests.support.media import picture, show, takes_pictures
from webapp.deliveries import analysis, arranging, illustrating
from webapp.deliveries.arranging import Step
from webapp.deliveries.drafts import copying, editing
from webapp.deliveries.illustrating import Brought, Way, Wish
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.kernel.errors import Invalid
from webapp.kernel.runtime import Runtime
from webapp.services.channel import declared
from webapp.services.models import Service


@pytest.fixture
def draft(runtime: Runtime, network: FakeNetwork, service: Service) -> Delivery:
    takes_pictures(network, most_media=2, most_bytes=5_000, mimes={"image/png"})
    post = make_delivery(runtime, service, kind=DeliveryKind.POST)
    return saying(runtime, post, ["One.", "Two."])


def names(delivery: Delivery) -> list[list[str]]:
    return [[item.sha256[:4] for item in items] for items in delivery.media]


def test_a_picture_changes_the_seal_and_voids_the_analysis(runtime: Runtime, draft: Delivery):
    before = draft.content_hash
    shown = show(runtime, draft, 0)
    again = editing.edit(
        runtime, shown.id, editing.DeliveryChanges(alts=dict.fromkeys(shown.alts, "A red door"))
    )

    assert len(again.media[0]) == 1
    assert again.media[0][0].alt == "A red door"
    assert len({before, shown.content_hash, again.content_hash}) == 3 or shown is again


def test_pictures_are_moved_and_taken_out(runtime: Runtime, draft: Delivery):
    first, second = names(show(runtime, draft, 1, 1))[1]

    moved = illustrating.arrange(runtime, draft.id, Wish(way=Way.LEFT, part=1, place=1))
    assert names(moved) == [[], [second, first]]

    left = illustrating.arrange(runtime, draft.id, Wish(way=Way.REMOVE, part=1, place=0))
    assert names(left) == [[], [first]]


@pytest.mark.parametrize(
    ("bounds", "data", "says"),
    [
        ({"most_media": 1}, picture(1), "at most 1 pictures"),
        ({"mimes": {"image/jpeg"}}, picture(1), "type image/png"),
        ({"most_bytes": 10}, picture(1), "at most 10 bytes"),
        ({}, b"no picture", "no picture"),
    ],
    ids=["too many", "another type", "too large", "no picture"],
)
def test_what_the_network_does_not_take_is_refused_before_it_is_kept(
    runtime: Runtime, network: FakeNetwork, draft: Delivery, bounds: dict, data: bytes, says: str
):
    show(runtime, draft, 0)
    takes_pictures(network, **bounds)

    with pytest.raises(Invalid, match=says):
        illustrating.bring(runtime, draft.id, 0, Brought(data=data))

    runtime.session.rollback()
    assert [len(items) for items in editing.get(runtime, draft.id).media] == [1, 0]


def test_a_network_may_look_into_a_picture_before_it_is_added(
    runtime: Runtime, draft: Delivery, monkeypatch: pytest.MonkeyPatch
):
    seen: list[bytes] = []

    def look(_channel: Channel, _name: str, content: Content) -> list[Finding]:
        with content.parts[0].media[-1].open() as file:
            seen.append(file.read())
        return []

    monkeypatch.setattr(declared, "findings", look)
    shown = illustrating.bring(runtime, draft.id, 0, Brought(data=picture(1)))
    illustrating.take(runtime, draft.id, 0, shown.media[0][0].sha256)

    assert seen[0] == seen[1]
    assert hashlib.sha256(seen[0]).hexdigest() == shown.media[0][0].sha256


def test_a_part_that_is_put_back_shows_its_pictures_again(runtime: Runtime, draft: Delivery):
    shown = names(show(runtime, draft, 0))
    removed = arranging.arrange(runtime, draft.id, arranging.Wish(step=Step.REMOVE, at=0))
    kept = [f"{item.sha256}:{item.alt}" for item in removed.pictures]

    back = arranging.arrange(
        runtime, draft.id, arranging.wish_of("restore-0", removed.removed, kept)
    )

    assert names(back.delivery) == shown
    assert back.delivery.media[0][0].alt == "A door"


def test_the_analysis_warns_of_pictures_without_words(runtime: Runtime, draft: Delivery):
    def levels(alt: str) -> list[str]:
        show(runtime, draft, 0, alt=alt)
        analysis.start(runtime, draft.id)
        found = analysis.analyse(runtime, draft.id).analysis["findings"]
        return [item["level"] for item in found if item["code"] == "no_alt"]

    assert levels("") == ["warning"]
    assert levels("A door") == ["passed"]


def test_a_copy_shows_the_same(runtime: Runtime, draft: Delivery):
    shown = show(runtime, draft, 0)
    assert copying.duplicate(runtime, shown.id).media == shown.media
