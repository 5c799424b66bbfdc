"""How a database is called in a sentence: where it is, and never with whose password."""

import os
from urllib.parse import unquote

from sqlalchemy.engine import URL, make_url

DEFAULT = "the default database"
HERE = "this machine"


def database(url: URL | str) -> str:
    """Return the file of a database of SQLite, or `name on host:port` for a server's."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        name = str(address.database)
        return unquote(name.removeprefix("file:")) if "uri" in address.query else name
    query = {name: _first(value) for name, value in address.query.items()}
    # What an address leaves out the driver takes from these variables.
    host = address.host or query.get("host") or os.environ.get("PGHOST") or HERE
    port = address.port or query.get("port") or os.environ.get("PGPORT")
    name = address.database or query.get("dbname") or os.environ.get("PGDATABASE") or DEFAULT
    return f"{name} on {host}:{port}" if port else f"{name} on {host}"


def _first(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ",".join(value)
