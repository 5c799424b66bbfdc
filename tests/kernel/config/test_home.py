"""Where an instance lies that nobody named a place for."""

from pathlib import Path

import pytest

from webapp.kernel.config import home
from webapp.kernel.config.settings import Settings, SettingsError


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the packages, as if Fanfare had been installed there from a wheel."""
    packages = tmp_path / "site-packages"
    (packages / "webapp" / "_ui").mkdir(parents=True)
    monkeypatch.setattr(home, "CHECKOUT", packages)
    monkeypatch.setattr(home, "PACKAGED", packages / "webapp" / "_ui")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("os.getuid", lambda: home.FIRST_PERSON)
    return packages


def test_a_checkout_keeps_its_files_beside_its_code():
    assert home.folder() == home.CHECKOUT / "var"


def test_a_wheel_keeps_the_files_of_a_person_where_the_platform_does(wheel: Path, tmp_path: Path):
    assert home.folder() == tmp_path / ".local" / "share" / "fanfare"


@pytest.mark.parametrize("number", [0, 999, home.FIRST_PERSON])
def test_a_place_that_the_environment_names_wins(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
):
    monkeypatch.setattr("os.getuid", lambda: number)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    assert home.folder() == tmp_path / "data" / "fanfare"
    assert Settings.from_env({"FANFARE_VAR": str(tmp_path)}).var == tmp_path


@pytest.mark.parametrize("number", [0, 999])
def test_a_wheel_keeps_the_files_of_a_service_in_var_lib(
    wheel: Path, monkeypatch: pytest.MonkeyPatch, number: int
):
    monkeypatch.setattr("os.getuid", lambda: number)

    assert home.folder() == Path("/var/lib/fanfare")


def test_a_user_without_a_home_is_a_service(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HOME", str(tmp_path / "nowhere"))

    assert home.folder() == Path("/var/lib/fanfare")


@pytest.mark.parametrize("name", ["fanfare.sqlite3", "encryption.key", "session.key"])
def test_an_instance_at_the_old_place_is_said_with_the_command_that_moves_it(
    wheel: Path, tmp_path: Path, name: str
):
    (wheel / "var").mkdir()
    (wheel / "var" / name).touch()
    new = tmp_path / ".local" / "share" / "fanfare"

    with pytest.raises(SettingsError) as said:
        Settings.from_env({})

    assert f"mv {wheel / 'var'} {new}" in said.value.problems[0]
    assert f"FANFARE_VAR={wheel / 'var'}" in said.value.problems[0]
    assert Settings.from_env({"FANFARE_VAR": str(wheel / "var")}).var == wheel / "var"
    new.mkdir(parents=True)
    (new / name).touch()
    assert Settings.from_env({}).var == new
