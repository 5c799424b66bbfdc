"""What the database says of a refused statement, as a log keeps it."""

import traceback

import pytest
from psycopg import OperationalError
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.support.factories import make_service
from webapp.kernel import faults
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.services.models import Service


@pytest.mark.parametrize(
    "statement",
    [
        update(Service).values(remote_id="a secret"),
        update(Service).values(label=None, fault=notices.of("a secret")),
    ],
)
def test_a_refused_statement_tells_no_value_of_a_row(runtime: Runtime, statement):
    make_service(runtime)
    make_service(runtime)

    with pytest.raises(IntegrityError) as refused:
        runtime.session.execute(statement)

    said = "".join(traceback.format_exception(refused.value))
    assert "a secret" not in said
    assert "constraint" in said


def test_a_certificate_that_is_missing_or_not_trusted_is_no_missing_database():
    said = 'root certificate file "/etc/none.pem" does not exist'
    fault = DBAPIError("", {}, OperationalError(f"connection failed: {said}"))

    assert "sslrootcert" in faults.of_database(fault)
