"""Who agreed to messages, and who took it back, is counted by days of the account."""

from datetime import date, timedelta

from alembic import command
from sqlalchemy import create_engine, select

from channels.clock import FileClock
from tests.support.factories import make_service, make_subscription
from webapp.audience.consents import counting, recording
from webapp.audience.consents.recording import Agreement
from webapp.audience.models import ConsentDay
from webapp.kernel import schema
from webapp.kernel.db import tallies
from webapp.kernel.runtime import Runtime

DAY = timedelta(days=1)
YES = Agreement(proof="Stand 7", purpose="News")


def days(runtime: Runtime) -> list[tuple[int, int]]:
    runtime.session.rollback()
    rows = select(ConsentDay.gained, ConsentDay.lost).order_by(ConsentDay.day)
    return [tuple(row) for row in runtime.session.execute(rows)]


def test_each_change_counts_once_whatever_is_said_again(runtime: Runtime, clock: FileClock):
    service = make_service(runtime)
    ana, bo, cy = (make_subscription(runtime, service).id for _person in range(3))

    for number in (ana, ana, bo):
        recording.record_opt_in(runtime, number, YES)
    clock.advance(DAY)
    for number in (ana, ana, cy):
        recording.record_stop(runtime, number)
    clock.advance(DAY)
    recording.record_opt_in(runtime, ana, YES)

    assert days(runtime) == [(2, 0), (0, 1), (1, 0)]
    assert counting.standing(runtime, service, date.max) == 2


def test_what_came_to_nothing_is_not_counted(runtime: Runtime):
    service = make_service(runtime)
    tie = make_subscription(runtime, service)
    counting.changed(runtime, service.id, was=False, now=True)
    runtime.session.rollback()
    # The session of a request that failed may end without a word.
    counting.changed(runtime, service.id, was=False, now=True)
    runtime.session.close()

    recording.record_opt_in(runtime, tie.id, YES)

    assert days(runtime) == [(1, 0)]


def test_counters_are_written_in_one_order_whichever_was_counted_first(runtime: Runtime):
    first, second = (make_service(runtime, internal_name=name) for name in ("north", "south"))
    for service in (second, first, second):
        counting.changed(runtime, service.id, was=False, now=True)
    waiting = sorted(runtime.session.info[tallies.KEPT])
    runtime.session.commit()

    assert [place[1][0] for place in waiting] == [first.id, second.id]
    assert sorted(days(runtime)) == [(1, 0), (2, 0)]


def test_past_days_are_told_by_the_last_answers(
    runtime: Runtime, clock: FileClock, database_url: str
):
    service = make_service(runtime)
    ties = [make_subscription(runtime, service) for _person in range(3)]
    numbers = [tie.id for tie in ties]
    for number in numbers:
        recording.record_opt_in(runtime, number, YES)
    clock.advance(DAY)
    recording.record_stop(runtime, numbers[0])
    before = days(runtime)
    runtime.session.close()
    engine = create_engine(database_url)
    with engine.begin() as connection:
        command.downgrade(schema._config(connection), "f3c81d5e07b9-1")

    schema.upgrade(engine)

    assert days(runtime) == before == [(3, 0), (0, 1)]
    engine.dispose()
