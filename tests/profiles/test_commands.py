"""The commands about profiles: files in and out, with what became of each row."""

import json
from pathlib import Path

import pytest

from tests.support.cli import Cli
from tests.support.profiles import make_profile
from webapp.kernel.runtime import Runtime
from webapp.profiles import own_fields, values
from webapp.profiles.models import Profile, ProfileImportPiece

SHEET = "Vorname,Nachname,E-Mail,Ort\nAna,Ruiz,ana@ruiz.example,Girona\nBo,Berg,broken,\n"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "fair.csv"
    path.write_text(SHEET, encoding="utf-8")
    return path


def test_a_file_is_imported_with_its_columns_named(cli: Cli, runtime: Runtime, sheet: Path):
    town = own_fields.add(runtime, "Town")
    maps = (f"Ort=own.{town.id}", "Vorname=first_name", "Nachname=last_name")
    given = [word for item in maps for word in ("--map", item)]

    said = cli("profile", "import", str(sheet), *given, "--tag", "Fair", "--json")

    assert said.code == 0, said.err
    told = json.loads(said.out)
    assert (told["made"], told["wrong"]) == (1, 1)
    assert told["faults"] == [{"line": 3, "column": "email", "why": "This is no e-mail address."}]
    (ana,) = runtime.session.query(Profile)
    assert values.of(ana)[f"own.{town.id}"] == "Girona"


def test_a_try_writes_nothing_and_keeps_nothing_of_the_file(
    cli: Cli, runtime: Runtime, sheet: Path
):
    said = cli("profile", "import", str(sheet), "--try", "--json")

    assert [row["outcome"] for row in json.loads(said.out)] == ["made", "wrong"]
    assert runtime.session.query(Profile).all() == []
    assert runtime.session.query(ProfileImportPiece).all() == []


def test_what_is_exported_is_imported_again_as_it_was(cli: Cli, runtime: Runtime, tmp_path: Path):
    make_profile(runtime, first_name="=Ana", phone="+34 972 123 456", email="ana@ruiz.example")
    before = values.of(runtime.session.query(Profile).one())
    runtime.session.commit()
    file = tmp_path / "out.csv"

    said = cli("profile", "export", str(file), "--json")
    again = cli("profile", "import", str(file), "--known", "replace", "--json")

    assert said.code == 0, said.err
    assert json.loads(said.out)["profiles"] == 1
    assert again.code == 0, again.err
    assert json.loads(again.out)["same"] == 1
    runtime.session.expire_all()
    assert values.of(runtime.session.query(Profile).one()) == before
    assert file.stat().st_mode & 0o077 == 0


def test_profiles_are_listed(cli: Cli, runtime: Runtime):
    make_profile(runtime, email="ana@ruiz.example")

    said = cli("profile", "list", "--search", "rui", "--json")

    assert [row["email"] for row in json.loads(said.out)] == ["ana@ruiz.example"]
