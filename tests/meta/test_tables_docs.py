"""`docs/architecture.md` names every table, and its picture has every tie between two of them."""

import re
from pathlib import Path

from webapp.kernel.db import Base
from webapp.kernel.schema import tables

DOCS = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text(encoding="utf-8")
PICTURE = DOCS.partition("erDiagram")[2].partition("```")[0]
tables.load()
TIE = re.compile(r"^    (\w+) \S+ (\w+) : \w+$", re.MULTILINE)


def test_every_table_is_named():
    lacking = [name for name in Base.metadata.tables if not re.search(rf"\b{name}\b", DOCS)]

    assert lacking == [], "add these to the table of the chapter Data"


def test_the_picture_has_every_tie_between_two_tables_and_no_other():
    ties = {
        (key.column.table.name, table.name)
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
    }

    assert set(TIE.findall(PICTURE)) == ties
