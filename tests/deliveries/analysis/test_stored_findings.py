"""What a worker found is read in the language, and by the clocks, of whoever looks."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.support.deliveries import ready
from tests.support.factories import make_service
from webapp.deliveries import analysis
from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Operator


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


def test_a_finding_that_is_kept_holds_no_words(runtime: Runtime, slow: Delivery):
    kept = next(item for item in slow.analysis["findings"] if item["code"] == "too_slow")
    read = next(item for item in analysis.warnings(slow) if item["code"] == "too_slow")

    assert kept["text"]["code"] == "finding_too_slow"
    assert set(kept["text"]["values"]["expires"]) == {"time"}
    assert "Monday 23 November 2026, 11:00 CET" in read["text"]
