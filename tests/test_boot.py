from flask.testing import FlaskClient


def test_an_address_that_does_not_exist_is_not_found(client: FlaskClient):
    assert client.get("/nothing-here").status_code in (404, 500)
