"""What a worker found is read by the clocks of whoever looks."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.deliveries.driving import ready
from tests.factories import make_service
from webapp.deliveries import analysis
from webapp.deliveries.models import Delivery
from webapp.kernel import formats, kept_times
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Operator

EVENING = datetime(2026, 12, 1, 4, 5, tzinfo=UTC)


@pytest.fixture
def slow(runtime: Runtime) -> Delivery:
    """A delivery that ends after its validity, as a worker in Paris found."""
    return ready(runtime, make_service(runtime, daily_cap=1), valid_for=3_600)


def test_a_finding_is_read_by_the_operators_clocks(
    marketer: FlaskClient, runtime: Runtime, slow: Delivery
):
    runtime.session.execute(update(Operator).values(time_zone="America/Los_Angeles"))
    runtime.session.commit()

    page = marketer.get(f"/deliveries/{slow.id}/confirm").text

    assert "It may end as late as" in page
    assert "after its validity (Monday 23 November 2026, 02:00 PST)" in page
    assert "CET" not in page
    assert "\u27e6" not in page


def test_a_finding_that_is_kept_holds_no_words_of_a_time(runtime: Runtime, slow: Delivery):
    kept = next(item for item in slow.analysis["findings"] if item["code"] == "too_slow")
    read = next(item for item in analysis.warnings(slow) if item["code"] == "too_slow")

    assert "CET" not in kept["text"]
    assert "Monday 23 November 2026, 11:00 CET" in read["text"]


@pytest.mark.parametrize("moment", [EVENING, EVENING + timedelta(microseconds=120)])
def test_a_kept_time_becomes_words_where_it_is_read(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, moment: datetime
):
    with kept_times.keeping():
        text = f"It ends {kept_times.told(moment)}."

    assert kept_times.said(text) == "It ends Tuesday 1 December 2026, 05:05 CET."
    monkeypatch.setattr(formats, "get_timezone", lambda: "America/Los_Angeles")
    assert kept_times.said(text) == "It ends Monday 30 November 2026, 20:05 PST."


def test_what_is_not_kept_is_in_words_at_once(runtime: Runtime):
    assert kept_times.told(EVENING) == "Tuesday 1 December 2026, 05:05 CET"
    assert kept_times.said("Nothing \u27e6here\u27e7") == "Nothing \u27e6here\u27e7"
