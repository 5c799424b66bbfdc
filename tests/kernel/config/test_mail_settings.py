"""The settings of mail: a server, a sender, and a password that stands nowhere else."""

import pytest

from webapp.kernel import mail
from webapp.kernel.config.settings import Settings, SettingsError

PASSWORD = "p%40ss-4711"
URL = f"smtps://fanfare:{PASSWORD}@mail.example"


def test_the_server_is_told_without_what_opens_it():
    found = Settings.from_env({"FANFARE_MAIL_URL": URL, "FANFARE_MAIL_FROM": "f@shop.example"})

    assert mail.server(found) == "mail.example:465"
    assert PASSWORD not in repr(found)


@pytest.mark.parametrize(
    ("name", "value"),
    [("FANFARE_MAIL_URL", "mail.example:465"), ("FANFARE_MAIL_FROM", "Fanfare <f@shop.example>")],
)
def test_what_cannot_be_is_told_by_its_name_alone(name: str, value: str):
    with pytest.raises(SettingsError) as fault:
        Settings.from_env({name: value})

    assert fault.value.problems[0].startswith(f"{name} must be an address such as")
