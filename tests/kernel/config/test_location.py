"""A database is named by where it is, and never with a password."""

import pytest

from webapp.kernel.config import location


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("sqlite:////srv/fanfare/var/fanfare.sqlite3", "/srv/fanfare/var/fanfare.sqlite3"),
        ("postgresql://ines:secret@db.example:5433/fanfare", "fanfare on db.example:5433"),
        ("postgresql+psycopg://ines:secret@db.example/fanfare", "fanfare on db.example"),
        ("postgresql:///fanfare?host=/run/postgresql", "fanfare on /run/postgresql"),
        ("postgresql://db.example", "the default database on db.example"),
        ("postgresql:///fanfare?password=secret", "fanfare on this machine"),
    ],
)
def test_it_is_named(address: str, name: str):
    assert location.database(address) == name


def test_what_an_address_leaves_out_is_named_as_the_driver_takes_it(
    monkeypatch: pytest.MonkeyPatch,
):
    for name, value in {"PGHOST": "db.example", "PGPORT": "5433", "PGDATABASE": "team"}.items():
        monkeypatch.setenv(name, value)

    assert location.database("postgresql://") == "team on db.example:5433"
    assert location.database("postgresql://other.example/theirs") == "theirs on other.example:5433"
