"""Fills an instance with people, their consents, deliveries and a long log, in a few statements.

Everything is made from numbers by the database itself: a table of a thousand rows, joined with
itself, is a million people within seconds.
"""

from datetime import timedelta

from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select, text

from tests.bench.order import TEXT
from tests.bench.pages import rows
from tests.support.factories import make_service
from webapp.deliveries import counters
from webapp.deliveries.drafts import copying, editing
from webapp.deliveries.models import Audience, Delivery, DeliveryKind, DeliveryState
from webapp.kernel.db import UtcDateTime, dialect_of
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

THOUSAND = 1_000
DAY, YEAR = timedelta(days=1), timedelta(days=365)
FIRST = "Ada Amir Anna Ben Chen Clara Dario Elif Emma Femi Greta Hugo Ines Ivan Jana Kofi Lea Lina"
FIRST += " Luis Mara Marc Maria Mira Nils Nora Olga Omar Paul Rosa Sami Sara Theo Uma Vera Yara Zoe"
SOUNDS = ("ba", "del", "kin", "lo", "mar", "ne", "ros", "sen", "ti", "vo")
ACCOUNTS = ("large", "middle", "small")


def fill(runtime: Runtime, *, people: int, deliveries: int, log: int) -> None:
    """Write everything that pages are about."""
    for name in ACCOUNTS:
        make_service(runtime, kind="x", label=name.title(), internal_name=f"atelier_{name}")
    _numbers(runtime)
    known = _values(runtime) | {"people": people}
    for statement in rows.AUDIENCE:
        runtime.session.execute(text(statement), known)
    runtime.session.commit()
    _drafts(runtime)
    _deliveries(runtime, deliveries - 2, log)
    if dialect_of(runtime.session) == "postgresql":
        # Which its autovacuum does by itself, only later.
        runtime.session.execute(text("ANALYZE"))
        runtime.session.commit()


def _numbers(runtime: Runtime) -> None:
    """Write the thousand numbers, each with a name, a moment of the last year and of today."""
    table = Table(
        "bench_number",
        MetaData(),
        Column("i", Integer, primary_key=True),
        Column("first", String),
        Column("last", String),
        Column("at", UtcDateTime),
        Column("today", UtcDateTime),
    )
    now, first = runtime.now(), FIRST.split()
    table.create(runtime.session.connection())
    made = [
        {
            "i": i,
            "first": first[i % len(first)],
            "last": (SOUNDS[i // 100] + SOUNDS[i // 10 % 10] + SOUNDS[i % 10]).title(),
            "at": now - (i + 1) * YEAR / THOUSAND,
            "today": now - (i + 1) * DAY / THOUSAND,
        }
        for i in range(THOUSAND)
    ]
    runtime.session.execute(insert(table), made)
    runtime.session.commit()


def _values(runtime: Runtime) -> dict[str, int]:
    services = list(runtime.session.query(Service).order_by(Service.id))
    known = {f"service_{number}": row.id for number, row in enumerate(services)}
    return known | {"folder": services[0].visitor_folder_id}


def _drafts(runtime: Runtime) -> None:
    """Write two drafts from the largest account: to all its people, and to those who agreed."""
    service = runtime.session.scalars(select(Service.id).order_by(Service.id)).first()
    for audience in (Audience.EVERYONE, Audience.CONSENTED):
        new = editing.NewDelivery(
            kind=DeliveryKind.DIRECT,
            channel="x",
            label=audience.value,
            service_ids=[service or 0],
        )
        made = editing.create(runtime, new)
        editing.edit(runtime, made.id, editing.DeliveryChanges(content=TEXT, audience=audience))


def _deliveries(runtime: Runtime, number: int, log: int) -> None:
    """Write deliveries that are over; the last is on its way, and these two have a long log."""
    pattern = editing.get(runtime, 1)
    made = [copying.duplicate(runtime, pattern.id) for _number in range(number)]
    for age, row in enumerate(reversed(made)):
        _over(runtime, row, age)
    going = made[-1]
    going.state, going.finished_at = DeliveryState.SENDING, None
    runtime.session.commit()
    for row in made:
        long = row in made[-2:]
        statement = rows.GOING if row is going else rows.OVER
        given = {"delivery": row.id, "log": log if long else 5}
        runtime.session.execute(text(statement), given)
    for statement in rows.ATTEMPTS:
        runtime.session.execute(text(statement))
    for row in made:
        counters.recount(runtime, row.id)
    runtime.session.commit()


def _over(runtime: Runtime, row: Delivery, age: int) -> None:
    row.state = DeliveryState.FINISHED
    row.label = f"Delivery {row.id}"
    row.confirmed_at = row.started_at = runtime.now() - (age + 1) * DAY
    row.finished_at = row.started_at + DAY
    row.expires_at = runtime.now() + DAY
