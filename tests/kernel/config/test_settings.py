from pathlib import Path

import pytest

from channels import Channel, Option
from webapp.kernel.config.settings import Settings, SettingsError, variable
from webapp.kernel.plugins.registry import Registry
from webapp.kernel.secret_box import new_key

HUSH = "hush, hush, hush"


def test_an_empty_environment_gives_the_defaults():
    settings = Settings.from_env({})

    assert settings.port == 8000
    assert settings.database.startswith("sqlite:///")


def test_every_mistake_is_reported_at_once():
    with pytest.raises(SettingsError) as fault:
        Settings.from_env(
            {
                "FANFARE_PORT": "eighty",
                "FANFARE_TIME_ZONE": "Middle-earth/Shire",
                "FANFARE_SECURE_COOKIES": "maybe",
                "FANFARE_WORKERS": "0",
                "FANFARE_ENCRYPTION_KEYS": "not-a-key",
            }
        )

    assert fault.value.problems == [
        "FANFARE_ENCRYPTION_KEYS must hold keys made by `./run make-key`, with commas.",
        "FANFARE_PORT must be a port from 1 to 65535.",
        "FANFARE_SECURE_COOKIES must be yes or no.",
        "FANFARE_TIME_ZONE must be a time zone such as Europe/Paris.",
        "FANFARE_WORKERS must be a whole number from 1.",
    ]


@pytest.mark.parametrize(
    ("former", "name"),
    [
        ("FANFARE_SETTLE_SECONDS", "reconcile_after_seconds"),
        ("FANFARE_SLICE_SECONDS", "batch_seconds"),
    ],
)
def test_a_setting_by_its_former_name_is_read_and_the_log_tells_the_new_one(
    caplog: pytest.LogCaptureFixture, former: str, name: str
):
    settings = Settings.from_env({former: "7"})

    assert getattr(settings, name) == 7
    assert caplog.messages == [f"{former} is called {variable(name)} now; rename it."]


def test_a_mistake_in_a_setting_by_its_former_name_is_told_by_the_name_that_was_used():
    with pytest.raises(SettingsError) as fault:
        Settings.from_env({"FANFARE_SLICE_SECONDS": "soon"})

    assert fault.value.problems == ["FANFARE_SLICE_SECONDS must be a whole number from 1."]


def test_a_setting_by_both_of_its_names_is_refused():
    with pytest.raises(SettingsError) as fault:
        Settings.from_env({"FANFARE_SLICE_SECONDS": "7", "FANFARE_BATCH_SECONDS": "8"})

    assert fault.value.problems == [
        "FANFARE_SLICE_SECONDS is the former name of FANFARE_BATCH_SECONDS; keep the new one alone."
    ]


def test_a_secret_may_come_from_a_file(tmp_path: Path):
    (tmp_path / "key").write_text("a secret from a file\n")

    settings = Settings.from_env({"FANFARE_SECRET_KEY_FILE": str(tmp_path / "key")})

    assert settings.secret_key == "a secret from a file"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path):
    with pytest.raises(SettingsError, match="FANFARE_SECRET_KEY_FILE cannot be read"):
        Settings.from_env({"FANFARE_SECRET_KEY_FILE": str(tmp_path / "nothing")})


def test_secrets_never_show_in_the_text_of_the_settings():
    key = new_key()

    settings = Settings.from_env({"FANFARE_ENCRYPTION_KEYS": key, "FANFARE_SECRET_KEY": HUSH})

    assert key not in repr(settings)
    assert HUSH not in repr(settings)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_postgresql_address_gets_the_driver_that_is_shipped(scheme: str):
    environ = {"FANFARE_SECRET_KEY": HUSH, "FANFARE_ENCRYPTION_KEYS": new_key()}
    settings = Settings.from_env({"DATABASE_URL": f"{scheme}://db.example/fanfare", **environ})

    assert settings.database == "postgresql+psycopg://db.example/fanfare"


class Weather(Channel):
    kind = "weather"
    label = "Weather"
    options = (Option(name="api_url", default="https://weather.example", help="Where it is."),)


def weather_registry() -> Registry:
    registry = Registry()
    registry._channels["weather"] = Weather()
    return registry


def test_a_channel_reads_its_own_variables():
    registry = weather_registry()

    registry.configure(Settings.from_env({"FANFARE_WEATHER_API_URL": "http://127.0.0.1:9"}))

    assert registry.config("weather") == {"api_url": "http://127.0.0.1:9"}


def test_a_variable_nobody_knows_is_an_error():
    with pytest.raises(SettingsError, match="FANFARE_WETHER_API_URL is not a setting"):
        weather_registry().configure(Settings.from_env({"FANFARE_WETHER_API_URL": "x"}))
