"""Mistakes in the environment: every one named at once, with the nearest name and what fits."""

from pathlib import Path

import pytest

from tests.support.cli import Cli
from webapp.kernel.config.settings import Settings, SettingsError
from webapp.kernel.instance import read_settings
from webapp.kernel.plugins.admission import PluginInfo
from webapp.kernel.plugins.registry import Registry
from webapp.system.processes.supervisor.up import locked

WRONG = {
    "FANFARE_PORT": ("70000", "must be a port from 1 to 65535."),
    "FANFARE_PROXIES": ("-1", "must be a whole number from 0 to 16."),
    "FANFARE_WORKERS": ("none", "must be a whole number from 1."),
    "FANFARE_TIME_ZONE": ("Mars/Olympus", "must be a time zone such as Europe/Paris."),
    "FANFARE_SECURE_COOKIES": ("maybe", "must be yes or no."),
    "FANFARE_ENCRYPTION_KEYS": ("abc", "must hold keys made by `./run make-key`, with commas."),
    "FANFARE_PUBLIC_URL": ("fanfare.example", "must be an address such as https://"),
    "FANFARE_SECRET_KEY": ("fifteen letters", "must have 16 characters or more."),
    "FANFARE_HOST": ("127.0.0.1 0.0.0.0", "must be one address such as 127.0.0.1."),
    "FANFARE_CLOCK": ("/nowhere/clock.json", "must name a file in a folder that exists."),
    "DATABASE_URL": ("mysql://host/fanfare", "must be an address such as postgresql://"),
    "REDIS_URL": ("localhost:6379", "must be an address such as redis://"),
    "FANFARE_X_API_URL": ("api.x.com", "must be an address such as https://"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_named_with_what_fits(cli: Cli, name: str):
    value, sentence = WRONG[name]

    said = cli("service", "list", **{name: value})

    assert said.code == 1
    assert f"fanfare: {name} {sentence}" in said.err
    assert said.out == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://ines:secret@host:port/fanfare"),
        ("DATABASE_URL", "postgresql://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("REDIS_URL", "redis://:secret@host:port/0"),
        ("REDIS_URL", "redis://:secret@host:6379/0?data_base=1"),
        ("FANFARE_PUBLIC_URL", "https://fanfare.example:port"),
        ("FANFARE_PUBLIC_URL", "https://fanfare example"),
        ("FANFARE_PUBLIC_URL", "https://fanfare.example/path"),
    ],
)
def test_an_address_that_leads_nowhere_is_named_without_its_password(
    cli: Cli, name: str, value: str
):
    said = cli("service", "list", **{name: value})

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"fanfare: {name} must be an address such as ")
    assert "secret" not in said.err


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("FANFARE_DATABASE_URL", "DATABASE_URL"),
        ("FANFARE_WORKER", "FANFARE_WORKERS"),
        ("FANFARE_X_SANDBOX", "FANFARE_X_SANDBOX_URL"),
        ("FANFARE_TIMEZONE", "FANFARE_TIME_ZONE"),
    ],
)
def test_an_unknown_name_is_named_with_the_nearest_known_one(cli: Cli, typed: str, meant: str):
    said = cli("service", "list", **{typed: "1"})

    assert said.code == 1
    assert said.err == f"fanfare: {typed} is not a setting of Fanfare. Did you mean {meant}?\n"


def test_every_mistake_of_every_kind_is_told_in_one_answer(cli: Cli):
    said = cli("health", FANFARE_PORT="x", FANFARE_WORKER="3", FANFARE_TIME_ZONE="Mars")

    assert [line.split()[1] for line in said.err.splitlines()] == [
        "FANFARE_PORT",
        "FANFARE_TIME_ZONE",
        "FANFARE_WORKER",
    ]


@pytest.mark.parametrize(
    "content", ["", "soon", "[]", "3", "{}", '{"anchor": 0, "start": 1e99, "rate": 1}']
)
def test_a_file_that_is_no_clock_is_named(tmp_path: Path, content: str):
    file = tmp_path / "clock.json"
    file.write_text(content)

    with pytest.raises(SettingsError, match=r"^FANFARE_CLOCK must name a file that holds a clock"):
        Settings.from_env({"FANFARE_CLOCK": str(file)})


def test_a_folder_is_no_clock(tmp_path: Path):
    with pytest.raises(SettingsError, match=r"^FANFARE_CLOCK must name a file that holds a clock"):
        Settings.from_env({"FANFARE_CLOCK": str(tmp_path)})


def test_a_clock_that_nobody_set_yet_is_no_mistake(tmp_path: Path):
    file = str(tmp_path / "clock.json")

    assert Settings.from_env({"FANFARE_CLOCK": file}).clock == file


def test_a_value_and_a_file_for_one_setting_are_a_mistake(tmp_path: Path):
    file = tmp_path / "port"
    file.write_text("81")

    with pytest.raises(SettingsError) as fault:
        Settings.from_env({"FANFARE_PORT": "80", "FANFARE_PORT_FILE": str(file)})

    assert fault.value.problems == [
        "FANFARE_PORT and FANFARE_PORT_FILE are both set; keep one of them."
    ]


def test_a_variable_left_empty_beside_its_file_is_no_mistake(tmp_path: Path):
    file = tmp_path / "port"
    file.write_text("81")

    assert Settings.from_env({"FANFARE_PORT": "", "FANFARE_PORT_FILE": str(file)}).port == 81


def test_a_plugin_to_leave_out_that_is_not_there_is_named_with_the_nearest_one():
    registry = Registry(["email", "x"])

    registry.load()

    assert registry.faults({}) == [
        "FANFARE_PLUGINS_DISABLED names email, but no plugin is called that. Known: x."
    ]


def test_a_plugin_to_leave_out_is_told_beside_the_other_mistakes():
    with pytest.raises(SettingsError) as fault:
        read_settings({"FANFARE_PORT": "x", "FANFARE_PLUGINS_DISABLED": "X"})

    assert fault.value.problems == [
        "FANFARE_PORT must be a port from 1 to 65535.",
        "FANFARE_PLUGINS_DISABLED names X, but no plugin is called that. Did you mean x?",
    ]


@pytest.mark.parametrize("given", ["FANFARE_SECRET_KEY", "FANFARE_ENCRYPTION_KEYS"])
def test_on_a_database_server_a_missing_key_is_demanded(tmp_path: Path, given: str):
    keys = {"FANFARE_SECRET_KEY": "s" * 40, "FANFARE_ENCRYPTION_KEYS": "M" * 43 + "="}
    environ = {"FANFARE_VAR": str(tmp_path), "DATABASE_URL": "postgresql://u@h/f", **keys}

    with pytest.raises(SettingsError, match=f"{given} is missing.*make-key"):
        Settings.from_env({**environ, given: ""})


def test_a_key_that_is_wrong_is_not_called_missing_too(tmp_path: Path):
    environ = {"FANFARE_VAR": str(tmp_path), "DATABASE_URL": "postgresql://u@h/f"}
    keys = {"FANFARE_SECRET_KEY": "short", "FANFARE_ENCRYPTION_KEYS": "M" * 43 + "="}

    with pytest.raises(SettingsError) as fault:
        Settings.from_env({**environ, **keys})

    assert fault.value.problems == ["FANFARE_SECRET_KEY must have 16 characters or more."]


def test_keys_that_one_machine_kept_are_enough_for_its_database_server(tmp_path: Path):
    for name in ("session.key", "encryption.key"):
        (tmp_path / name).write_text("kept")

    settings = Settings.from_env(
        {"FANFARE_VAR": str(tmp_path), "DATABASE_URL": "postgresql://u@h/f"}
    )

    assert settings.database.startswith("postgresql+psycopg://")


def test_the_settings_of_a_plugin_that_is_broken_are_no_mistake():
    registry = Registry()
    registry._infos["weather"] = PluginInfo(
        name="weather", distribution="", version="", fault="It is broken."
    )

    assert registry.faults({"FANFARE_WEATHER_API_URL": "https://weather.example"}) == []


def test_settings_without_a_mistake_are_read():
    assert read_settings({"FANFARE_PORT": "81"}).port == 81


@pytest.mark.parametrize(
    ("name", "address", "said"),
    [
        ("FANFARE_X_API_URL", "http://gateway.example", "in clear to another machine"),
        ("FANFARE_X_API_URL", "http://127.0.0.1.evil.example", "in clear to another machine"),
        ("FANFARE_X_API_URL", "http://127.0.0.1:8081", ""),
        ("FANFARE_X_API_URL", "https://gateway.example", ""),
        ("FANFARE_X_SANDBOX_URL", "http://twin:8081", ""),
    ],
)
def test_keys_go_in_clear_to_this_machine_or_a_twin_only(
    registry: Registry, name: str, address: str, said: str
):
    faults = registry.faults({name: address})

    assert len(faults) == bool(said)
    assert said in "".join(faults)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").touch()

    with pytest.raises(SettingsError, match="set FANFARE_VAR to a folder you may write"):
        locked(tmp_path / "file" / "var")
