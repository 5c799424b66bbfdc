"""Walking the pages of visitors, both ways, by every sort and filter."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event

from tests.support.factories import make_service, make_subscription, make_visitor
from tests.support.plans import plans, sorts
from webapp.audience.models import Subscription, Visitor
from webapp.audience.visitors import export, matching, paging, people
from webapp.kernel.db import db, dialect_of
from webapp.kernel.runtime import Runtime

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
MESSAGED = [{"field": "may_be_messaged", "op": "is", "value": "yes"}]
FRIENDS = [{"field": "friends", "op": "more", "value": "1"}]
# Few values, so that many are the same and many unknown.
person = st.tuples(
    st.sampled_from([None, 0, 1, 2]), st.sampled_from(["ana", "anton", "bo"]), st.booleans()
)


def fill(runtime: Runtime, rows: list[tuple[int | None, str, bool]]) -> None:
    runtime.session.execute(delete(Subscription))
    runtime.session.execute(delete(Visitor))
    runtime.session.commit()
    service = make_service(runtime)
    for number, (friends, name, wrote) in enumerate(rows):
        seen = NOON + timedelta(days=number % 3)
        handle = f"{'an' if number % 2 else 'bo'}{number}"
        known = {"follower_count": friends, "name": name, "handle": handle}
        visitor = make_visitor(runtime, first_seen_at=seen, **known)
        make_subscription(runtime, service, visitor, wrote_first_at=NOON if wrote else None)


def expected(runtime: Runtime, query: people.Query) -> list[int]:
    """The ids in the stated order, worked out without the database."""
    key = paging.SORTS[query.sort].key
    rows = [
        visitor
        for visitor in runtime.session.query(Visitor)
        if any(name.startswith(query.words) for name in (visitor.name, visitor.handle))
        and _passes(runtime, visitor, query)
    ]
    known = [row for row in rows if getattr(row, key) is not None]
    unknown = [row for row in rows if getattr(row, key) is None]
    known.sort(key=lambda row: (getattr(row, key), row.id), reverse=query.descending)
    unknown.sort(key=lambda row: row.id, reverse=query.descending)
    return [row.id for row in [*known, *unknown]]


def _passes(runtime: Runtime, visitor: Visitor, query: people.Query) -> bool:
    if query.conditions == FRIENDS:
        return visitor.follower_count is not None and visitor.follower_count > 1
    row = runtime.session.query(Subscription).filter_by(visitor_id=visitor.id).one()
    return query.conditions != MESSAGED or row.wrote_first_at is not None


def turn(query: people.Query, **changes: int) -> people.Query:
    values = {name: getattr(query, name) for name in people.Query.__dataclass_fields__}
    return people.Query(**values | {"after": None, "before": None} | changes)


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(person, max_size=9),
    sort=st.sampled_from(sorted(paging.SORTS)),
    descending=st.booleans(),
    words=st.sampled_from(["", "an"]),
    conditions=st.sampled_from([[], MESSAGED, FRIENDS]),
    many=st.booleans(),
    bounds=st.sampled_from([(1, 1), (2, 3), (500, 20_000)]),
)
def test_walking_on_and_back_visits_every_match_once_in_order(
    runtime: Runtime,
    monkeypatch: pytest.MonkeyPatch,
    rows,
    sort,
    descending,
    words,
    conditions,
    many,
    bounds,
):
    handful, near = bounds
    monkeypatch.setattr(matching, "MOST", 1 if many else 10_000)
    monkeypatch.setattr(matching, "HANDFUL", handful)
    monkeypatch.setattr(matching, "FEW", handful)
    monkeypatch.setattr(paging, "NEAR", near)
    fill(runtime, rows)
    query = people.Query(
        words=words, conditions=conditions, sort=sort, descending=descending, size=2
    )

    page = people.search(runtime, query)
    forward, last = [line.visitor.id for line in page.lines], page
    while last.later:
        last = people.search(runtime, turn(query, after=forward[-1]))
        forward += [line.visitor.id for line in last.lines]
    back = [line.visitor.id for line in last.lines]
    while last.earlier and back:
        last = people.search(runtime, turn(query, before=back[0]))
        back = [line.visitor.id for line in last.lines] + back

    assert forward == expected(runtime, query)
    assert back == forward
    parts = people.every(runtime, query)
    assert [number for part in parts for number in runtime.session.scalars(part)] == forward
    assert [row["username"] for row in export.rows(runtime, query)] == [
        runtime.session.get_one(Visitor, number).handle for number in forward
    ]
    assert people.count(runtime, query) == len(forward)


def test_a_condition_holds_for_any_account_of_the_person(runtime: Runtime):
    first, second = make_service(runtime), make_service(runtime)
    visitor = make_visitor(runtime)
    make_subscription(runtime, first, visitor, wrote_first_at=None)
    make_subscription(runtime, second, visitor)

    lines = people.search(runtime, people.Query(conditions=MESSAGED)).lines

    assert [line.visitor.id for line in lines] == [visitor.id]
    assert lines[0].subscription is not None
    assert lines[0].subscription.service_id == second.id
    query = people.Query(conditions=MESSAGED, service_id=first.id)
    assert people.search(runtime, query).lines == []


def test_no_more_than_a_bounded_number_is_counted(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(matching, "MOST", 2)
    for _number in range(4):
        make_visitor(runtime)

    found = people.quick_count(runtime, people.Query())

    assert found == matching.Count(number=2, more=True)
    assert people.count(runtime, people.Query()) == 4


def test_people_with_a_word_are_met_near_by_before_all_are_put_in_order(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(matching, "MOST", 1)
    monkeypatch.setattr(paging, "NEAR", 4)
    for name in ("ada marsen", "bo berg", "cem marsen", "mara lo", "mara ny", "zoe dahl"):
        make_visitor(runtime, name=name, handle=name.replace(" ", "_"))
    query = people.Query(words="mar", sort="name", descending=False, size=2)

    asked = plans(runtime, lambda: people.search(runtime, query), "visitor")
    names = [line.visitor.name for line in people.search(runtime, query).lines]
    nobody_near = people.search(runtime, replace(query, words="mar", descending=True, size=3))

    assert names == ["ada marsen", "cem marsen"]
    assert [line.visitor.name for line in nobody_near.lines] == ["mara ny", "mara lo", "cem marsen"]
    # PostgreSQL sorts so few rows as soon as it reads them in order.
    if dialect_of(runtime.session) == "sqlite":
        assert not any(sorts(found) for found in asked)


def test_the_few_matches_of_a_whole_table_are_looked_for_once(runtime: Runtime):
    fill(runtime, [(1, "ana", False), (None, "bo", False)])
    asked: list[str] = []
    has = [{"field": "full_name", "op": "contains", "value": "na"}]

    def ask(*execution: Any) -> None:
        asked.append(execution[2])

    event.listen(db.engine, "before_cursor_execute", ask)
    lines = people.search(runtime, people.Query(conditions=has)).lines
    event.remove(db.engine, "before_cursor_execute", ask)

    assert [line.visitor.name for line in lines] == ["ana"]
    assert sum("LIKE" in statement for statement in asked) == 1


def test_a_search_that_matches_nobody_puts_nobody_in_order(runtime: Runtime):
    fill(runtime, [(1, "ana", False), (None, "bo", False)])
    asked: list[str] = []

    def ask(*execution: Any) -> None:
        asked.append(execution[2])

    event.listen(db.engine, "before_cursor_execute", ask)
    found = people.search(runtime, people.Query(words="zoe"))
    event.remove(db.engine, "before_cursor_execute", ask)

    assert (list(found.lines), found.count.number) == ([], 0)
    assert [sql for sql in asked if "ORDER BY" in sql and "LIMIT" in sql] == []
