"""A request leaves no transaction behind, or everybody who writes after it waits on SQLite."""

from flask import Flask
from flask.testing import FlaskClient

from tests.support.cli import engine_of

URL = "/settings/words"


def test_a_request_leaves_no_transaction_open(app: Flask, admin: FlaskClient):
    # No context of the test's own, which would keep the session of a request alive.
    asked = {
        "looked": lambda: admin.get(URL),
        "written": lambda: admin.post(URL, data={"words": "farewell", "meaning": "stop"}),
        "refused": lambda: admin.post(URL, data={"words": "hello", "meaning": "stop"}),
        "not there": lambda: admin.post(f"{URL}/4711/remove"),
        "forbidden": lambda: app.test_client().post(URL),
    }

    answers = {name: ask().status_code for name, ask in asked.items()}
    left = {name: (ask(), engine_of(app).pool.checkedout())[1] for name, ask in asked.items()}

    assert answers == {
        "looked": 200, "written": 303, "refused": 422, "not there": 404, "forbidden": 401,
    }  # fmt: skip
    assert left == dict.fromkeys(asked, 0)
