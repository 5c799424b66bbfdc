"""The stage of the demo: it must never stand on the data of a real instance."""

from pathlib import Path

import pytest
from flask import Flask

from webapp.kernel.config.settings import Settings
from webapp.kernel.errors import FanfareError
from webapp.system.demo import stage, story


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_the_demo_leaves_the_files_that_name_another_instance_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    file = tmp_path / "address"
    file.write_text("postgresql://real/fanfare" if name == "DATABASE_URL" else "redis://real")
    monkeypatch.setenv(f"{name}_FILE", str(file))

    settings = Settings.from_env(stage._environ(tmp_path))

    assert "real" not in settings.database + settings.redis_url


@pytest.mark.parametrize("name", ["FANFARE_VAR", "FANFARE_VAR_FILE"])
def test_the_demo_refuses_the_folder_of_an_instance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    monkeypatch.setenv(name, str(tmp_path / "var"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with (
        pytest.raises(FanfareError, match=f"Leave it out: env -u {name} ./run demo"),
        stage.stage(make_app=Flask, say=print),
    ):
        pass

    assert list(tmp_path.iterdir()) == []


def proved(fanfare: int, sandbox: int, **states: int) -> dict:
    messages = {"sent": fanfare, "failed": 0, "unknown": 0, "pending": 0} | states
    return {"sent": {"fanfare": fanfare, "x": sandbox}, "messages": messages}


@pytest.mark.parametrize(
    ("deliveries", "accepted", "agreed"),
    [
        ([proved(1, 1), proved(57, 57)], 58, True),
        ([proved(1, 2), proved(57, 56)], 58, False),
        ([proved(1, 1), proved(57, 57)], 59, False),
        ([proved(1, 1, unknown=1)], 1, False),
        ([proved(0, 0)], 0, False),
    ],
)
def test_the_records_agree_on_each_delivery_and_altogether(
    deliveries: list[dict],
    accepted: int,
    agreed: bool,  # noqa: FBT001 - pytest gives it by name
):
    assert story.agree({"fanfare": 60, "x": 60}, deliveries, accepted) is agreed
    assert story.agree({"fanfare": 60, "x": 61}, deliveries, accepted) is False
