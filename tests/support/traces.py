"""Looks for words in everything that an instance stores."""

import os
from pathlib import Path

from sqlalchemy import MetaData, select

from webapp.kernel.db import Base
from webapp.kernel.runtime import Runtime


def rows_with(runtime: Runtime, *words: str) -> list[str]:
    """Return where a word stands in any table, as `table.column: value`."""
    known = MetaData()
    known.reflect(runtime.session.connection())
    assert set(Base.metadata.tables) <= set(known.tables)
    found = [
        f"{table.name}.{name}: {value}"
        for table in known.sorted_tables
        for row in runtime.session.execute(select(table)).mappings()
        for name, value in row.items()
        if any(word.casefold() in str(value).casefold() for word in words)
    ]
    runtime.session.rollback()
    return found


def files_with(folder: Path, *words: str) -> list[str]:
    """Return the files below a folder that hold a word."""
    files = [Path(place, name) for place, _folders, names in os.walk(folder) for name in names]
    return [
        path.name
        for path in files
        if any(word.encode().lower() in path.read_bytes().lower() for word in words)
    ]
