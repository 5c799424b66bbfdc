"""The commands that tell how a delivery stands, and what came of each message."""

import json

import pytest
from sqlalchemy import event

from tests.support.cli import Cli
from tests.support.deliveries import begin, ready, sent
from tests.support.stretches import PEOPLE, STRETCH
from webapp.deliveries.queries import log
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


@pytest.mark.usefixtures("short_stretches")
def test_the_status_says_how_far_the_messages_are_written(
    cli: Cli, runtime: Runtime, service: Service
):
    number = str(begin(runtime, ready(runtime, service, people=PEOPLE)).id)
    runtime.session.commit()

    told, as_json = cli("delivery", "status", number), cli("delivery", "status", number, "--json")

    assert f"{STRETCH} of {PEOPLE} messages are written." in told.out
    assert json.loads(as_json.out)["written"] == STRETCH


def test_a_log_of_many_reads_its_people_at_once(cli: Cli, runtime: Runtime, service: Service):
    number = sent(runtime, service, people=5).id
    runtime.session.commit()
    runtime.session.expunge_all()
    asked: list[str] = []

    def executed(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", executed)
    lines = list(log.export(runtime, number))
    event.remove(db.engine, "before_cursor_execute", executed)

    assert len(lines) == 5
    assert sum("FROM visitor" in statement for statement in asked) == 1
