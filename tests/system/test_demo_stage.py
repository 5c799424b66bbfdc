"""The stage of the demo: it must never stand on the data of a real instance."""

from pathlib import Path

import pytest

from webapp.kernel.settings import Settings
from webapp.system.demo import stage


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_the_demo_leaves_the_files_that_name_another_instance_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    file = tmp_path / "address"
    file.write_text("postgresql://real/fanfare" if name == "DATABASE_URL" else "redis://real")
    monkeypatch.setenv(f"{name}_FILE", str(file))

    settings = Settings.from_env(stage._environ(tmp_path))

    assert "real" not in settings.database + settings.redis_url
