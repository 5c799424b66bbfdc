"""The page of a plan keeps what was typed and says what the numbers can show."""

from flask.testing import FlaskClient

from tests.experiments.conftest import OTHER, experiment
from webapp.deliveries.models import Delivery
from webapp.experiments import planning
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime

TYPED = {
    "weight_0": "45", "text_1": OTHER, "weight_1": "45", "held_out": "10", "metric": "clicked",
    "within_hours": "24", "expected": "2", "people": "60", "matters": "10", "stop": "end",
}  # fmt: skip


def address(draft: Delivery) -> str:
    return f"/deliveries/{draft.id}/experiment/plan"


def test_a_plan_is_proposed_kept_and_told(admin: FlaskClient, crowd, draft: Delivery):
    where = address(draft)
    assert where in admin.get(f"/deliveries/{draft.id}/compose?step=content").text
    assert "Keep a plan first" in admin.get(where).text

    answer = admin.post(where, data={**TYPED, "revision": str(draft.revision)})

    assert answer.status_code in {200, 302, 303}
    db.session.rollback()
    assert db.session.get(Delivery, draft.id).experiment == experiment()
    page = admin.get(where).text
    assert "2.0 % against" in page
    assert "60 people: " in page
    assert "3,826" in page


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    admin: FlaskClient, draft: Delivery
):
    answer = admin.post(address(draft), data={**TYPED, "weight_0": "50", "expected": "lots"})

    assert answer.status_code == 422
    assert "Write a share between" in answer.text
    assert "Twelve pieces" in answer.text
    assert 'value="lots"' in answer.text
    assert (
        "All shares make 100" in admin.post(address(draft), data={**TYPED, "weight_0": "50"}).text
    )


def test_html_is_asked_for_where_the_first_text_has_it(
    admin: FlaskClient, runtime: Runtime, draft: Delivery
):
    where = address(draft)
    draft.variants[0].parts[0].html = "<p>Spring</p>"
    runtime.session.commit()

    answer = admin.post(where, data={**TYPED, "html_1": ""})

    assert answer.status_code == 422
    assert "Text A has HTML, so write" in answer.text
    assert 'name="html_1"' in answer.text


def test_an_experiment_is_taken_out_again(admin: FlaskClient, runtime: Runtime, draft: Delivery):
    planning.plan(runtime, draft.id, experiment())

    admin.post(f"/deliveries/{draft.id}/experiment/leave")

    db.session.rollback()
    assert db.session.get(Delivery, draft.id).experiment is None
