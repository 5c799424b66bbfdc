"""Handles are written with what their network puts before them, and stored without it."""

import pytest

from webapp.kernel import handles


@pytest.fixture(autouse=True)
def _three_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handles, "_prefixes", {"loud": "@", "plain": "", "long": "@u/"})


def test_each_network_writes_its_own_sign_before_a_handle() -> None:
    written = [handles.written(kind, "anna") for kind in ("loud", "plain", "long")]

    assert written == ["@anna", "anna", "@u/anna"]


def test_a_handle_of_a_channel_that_is_gone_is_written_bare() -> None:
    assert handles.written("gone", "anna") == "anna"


@pytest.mark.parametrize("typed", ["anna", " @anna ", "@u/anna"])
def test_whatever_sign_was_typed_before_a_handle_is_not_stored(typed: str) -> None:
    assert handles.bare(typed) == "anna"


def test_a_sign_that_no_network_writes_stays() -> None:
    assert handles.bare("#anna") == "#anna"
