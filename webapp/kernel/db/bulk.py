"""Many rows as one parameter: a table that a statement inserts from or joins with.

One statement for a page of a thousand people costs one trip to the database and one plan, where a
statement for each row costs a thousand. The rows travel as JSON, which both databases unfold.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Subquery, Text, bindparam, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from webapp.kernel.text.cleaning import clean

Columns = Mapping[str, TypeEngine[Any]]
ROWS = "rows"


def document_of(rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as the value of the parameter `ROWS`; their values are what JSON knows."""
    text = json.dumps(list(rows), ensure_ascii=False, separators=(",", ":"))
    # One name that is no text in any database must not stop the others.
    return clean(text)


def table_of(dialect: str, columns: Columns) -> Subquery:
    """Return the rows of the parameter `ROWS` as a table with `columns`."""
    return _sqlite(columns) if dialect == "sqlite" else _postgresql(columns)


def _sqlite(columns: Columns) -> Subquery:
    value: Any = func.json_each(bindparam(ROWS, type_=Text())).table_valued("value").c.value
    return select(
        *(
            func.json_extract(value, literal_column(f"'$[{place}]'"), type_=kind).label(name)
            for place, (name, kind) in enumerate(columns.items())
        )
    ).subquery("given")


def _postgresql(columns: Columns) -> Subquery:
    document = cast(bindparam(ROWS, type_=Text()), JSONB)
    rows = func.jsonb_array_elements(document).table_valued("value")
    value: Any = rows.c.value

    def column(place: int, kind: TypeEngine[Any]) -> ColumnElement[Any]:
        return cast(value.op("->>")(literal_column(str(place))), kind)

    return select(
        *(column(place, kind).label(name) for place, (name, kind) in enumerate(columns.items()))
    ).subquery("given")
