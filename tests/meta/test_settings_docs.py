from dataclasses import fields
from pathlib import Path

import pytest

from plugins.x.channel import XChannel
from webapp.kernel.config.settings import Settings, variable

DOCS = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("spec", [item for item in fields(Settings) if "doc" in item.metadata])
def test_every_setting_is_documented_with_its_meaning(spec):
    assert f"| `{variable(spec.name)}` |" in DOCS
    assert spec.metadata["doc"] in DOCS


@pytest.mark.parametrize("option", XChannel.options)
def test_every_option_of_x_is_documented(option):
    assert f"| `FANFARE_X_{option.name.upper()}` |" in DOCS
    assert option.help in DOCS
