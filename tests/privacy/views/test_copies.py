"""A copy of what is stored about somebody is a file for them."""

import json

from flask.testing import FlaskClient

from tests.privacy.conftest import Known


def test_a_copy_is_a_file_whose_name_names_nobody(known: Known, marketer: FlaskClient):
    answer = marketer.post(f"/privacy/people/{known.visitor.id}/copy")

    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert f"person-{known.visitor.id}.json" in answer.headers["Content-Disposition"]
    assert json.loads(answer.data)["person"][0]["handle"] == "quastenfink"
