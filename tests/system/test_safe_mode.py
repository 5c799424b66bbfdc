"""Fanfare started without the plugins of others says so on every page."""

import pytest
from flask.testing import FlaskClient

from webapp.kernel.runtime import Runtime

TITLE = "Safe mode: plugins of others are left out."


@pytest.mark.parametrize("path", ["/services", "/deliveries", "/settings/plugins"])
def test_every_page_says_that_plugins_of_others_are_left_out(
    runtime: Runtime, admin: FlaskClient, path: str
):
    assert TITLE not in admin.get(path).text

    runtime.registry.safe_mode = True

    page = admin.get(path).text
    assert TITLE in page
    assert "start Fanfare without FANFARE_SAFE_MODE" in page
