from flask.testing import FlaskClient

FORM = "application/x-www-form-urlencoded"


def test_a_form_of_any_size_is_refused_before_it_is_read(client: FlaskClient):
    answer = client.post("/login", data="a&" * 300_000, content_type=FORM)

    assert answer.status_code == 413
    assert "at most 500 kB" in answer.text
    assert "Too large" in answer.text


def test_a_form_as_long_as_any_message_is_read(client: FlaskClient):
    answer = client.post("/login", data={"email": "x" * 400_000})

    assert answer.status_code == 422
