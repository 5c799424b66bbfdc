"""The moments that are offered where a delivery is planned."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from tests.support.composer import address, fresh
from tests.support.factories import make_delivery
from webapp.deliveries.approval import presets
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Operator
from webapp.services.models import Service

LOS_ANGELES = "America/Los_Angeles"
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    ("later", "labels"),
    [
        (0, ["Today 18:00", "Tomorrow 09:00", "Tomorrow 18:00", "Mon 30 Nov, 09:00"]),
        # What is less than an hour away is too late to plan for.
        (7, ["Tomorrow 09:00", "Tomorrow 18:00", "Mon 30 Nov, 09:00"]),
        # On a Sunday, Monday is tomorrow.
        (6 * 24, ["Today 18:00", "Tomorrow 09:00", "Tomorrow 18:00"]),
    ],
)
def test_what_is_offered_lies_ahead(runtime: Runtime, later: int, labels: list[str]):
    assert [item.label for item in presets.offers(MONDAY + timedelta(hours=later))] == labels


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001 - by the clocks
def test_every_offer_lies_ahead_and_none_comes_twice(here: datetime):
    with patch.object(presets, "date_only", str):  # its words need an application
        moments = [item.at for item in presets.offers(here)]

    assert moments == sorted(set(moments))
    assert all(here < at <= here + timedelta(days=8) for at in moments)
    assert presets.tomorrow(here) in moments


@pytest.fixture
def in_los_angeles(runtime: Runtime, marketer: FlaskClient) -> FlaskClient:
    runtime.session.execute(update(Operator).values(time_zone=LOS_ANGELES))
    runtime.session.commit()
    return marketer


def test_tomorrow_at_nine_stands_in_the_fields_before_anything_is_chosen(
    in_los_angeles: FlaskClient, runtime: Runtime, service: Service
):
    post = make_delivery(runtime, service, kind=DeliveryKind.POST)

    page = in_los_angeles.get(address(post)).text

    # It is Monday, 01:00, in Los Angeles.
    assert 'name="day" type="date" value="2026-11-24"' in page
    assert 'name="clock" type="time" value="09:00"' in page
    assert 'data-at="2026-11-23T18:00">Today 18:00<' in page
    assert 'data-at="2026-11-30T09:00">Mon 30 Nov, 09:00<' in page


def test_choosing_at_alone_is_saved_with_what_stands_in_the_fields(
    in_los_angeles: FlaskClient, runtime: Runtime, draft: Delivery
):
    typed = {"begin": "at", "day": "2026-11-24", "clock": "09:00"}
    sent = typed | {"step": "schedule", "revision": draft.revision, "wave_size": ""}

    answer = in_los_angeles.post(address(draft), data=sent, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert fresh(runtime, draft).scheduled_at == datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", [DeliveryKind.POST, DeliveryKind.DIRECT])
def test_in_winter_a_moment_of_july_is_one_of_summer_time_everywhere(
    in_los_angeles: FlaskClient, runtime: Runtime, service: Service, kind: DeliveryKind
):
    july = datetime(2027, 7, 2, 1, 0, tzinfo=UTC)
    delivery = make_delivery(runtime, service, kind=kind, scheduled_at=july)
    step = "post" if kind is DeliveryKind.POST else "schedule"

    page = in_los_angeles.get(address(delivery), query_string={"step": step}).text
    typed = {"begin": "at", "day": "2027-07-01", "clock": "18:30", "valid_number": "5"}
    saved = in_los_angeles.post(
        address(delivery),
        data=typed | {"step": step, "revision": delivery.revision, "label": "Spring"},
        headers={"HX-Request": "true"},
    ).text

    for answer in (page, saved):
        assert 'id="begin-zone"' in answer
        assert "PDT" in answer
        assert "PST" not in answer


def test_a_viewer_of_what_is_over_reads_the_zone_of_its_end(
    in_los_angeles: FlaskClient, runtime: Runtime, draft: Delivery
):
    draft.finished_at = datetime(2026, 7, 2, 1, 0, tzinfo=UTC)
    draft.state = editing.DeliveryState.FINISHED
    runtime.session.commit()

    page = in_los_angeles.get(address(draft)).text

    assert "1 Jul, 18:00 PDT" in page
