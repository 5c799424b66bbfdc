"""Many rows as one parameter: a table that a statement inserts from or joins with.

One statement for a page of a thousand people costs one trip to the database and one plan, where a
statement for each row costs a thousand. The rows travel as JSON, which both databases unfold.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Subquery, cast, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from webapp.kernel.values import clean

Columns = Mapping[str, TypeEngine[Any]]


def table_of(session: Session, columns: Columns, rows: Iterable[Sequence[Any]]) -> Subquery:
    """Return `rows` as a table with `columns`; values are what JSON knows."""
    text = json.dumps(list(rows), ensure_ascii=False, separators=(",", ":"))
    # One name that is no text in any database must not stop the others.
    document = clean(text)
    unfold = _sqlite if session.get_bind().dialect.name == "sqlite" else _postgresql
    return unfold(document, columns)


def _sqlite(document: str, columns: Columns) -> Subquery:
    value: Any = func.json_each(document).table_valued("value").c.value
    return select(
        *(
            func.json_extract(value, literal_column(f"'$[{place}]'"), type_=kind).label(name)
            for place, (name, kind) in enumerate(columns.items())
        )
    ).subquery("given")


def _postgresql(document: str, columns: Columns) -> Subquery:
    rows = func.jsonb_array_elements(cast(literal(document), JSONB)).table_valued("value")
    value: Any = rows.c.value

    def column(place: int, kind: TypeEngine[Any]) -> ColumnElement[Any]:
        return cast(value.op("->>")(literal_column(str(place))), kind)

    return select(
        *(column(place, kind).label(name) for place, (name, kind) in enumerate(columns.items()))
    ).subquery("given")
