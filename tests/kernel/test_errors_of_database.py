"""What the database says of a refused statement, as a log keeps it."""

import traceback

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from tests.factories import make_service
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


@pytest.mark.parametrize(
    "statement",
    [
        update(Service).values(remote_id="a secret"),
        update(Service).values(label=None, fault="a secret"),
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
