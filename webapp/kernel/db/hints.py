"""A dialect of SQLite that writes the hints of `with_hint`, such as `INDEXED BY`.

SQLAlchemy drops them for SQLite. It lets a program register a dialect of its own, which an engine
asks for by its address (`sqlite+hinting`); every other engine of the process stays as it is.
"""

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql.selectable import FromClause

HINTING = "sqlite+hinting"


class HintingCompiler(SQLiteCompiler):
    """Writes what `with_hint` asks for."""

    def get_from_hint_text(self, _table: FromClause, text: str | None) -> str | None:
        """Return what stands behind the table."""
        return text


class HintingDialect(SQLiteDialect_pysqlite):
    """SQLite by the driver of Python, with hints."""

    statement_compiler = HintingCompiler
    # Each class has to say this itself, or SQLAlchemy compiles every statement anew.
    supports_statement_cache = True


registry.register("sqlite.hinting", __name__, HintingDialect.__name__)
