"""The pages of plugins: open to those whom their views name, closed to everybody else."""

from collections.abc import Callable

import pytest
from flask import Blueprint
from flask.testing import FlaskClient

import channels
from channels import hookimpl
from tests.support.fakes import FakeChannel, FakeNetwork
from webapp.kernel.plugins.registry import Registry
from webapp.operators.models import Role


class Paged(FakeChannel):
    """A channel with one page for each need, and one that names none."""

    kind = "paged"

    def __init__(self, network: FakeNetwork) -> None:
        super().__init__(network)
        self.pages = self

    def blueprint(self, _host: object) -> Blueprint:
        blueprint = Blueprint("channel_paged", __name__)

        for need in ("public", "view", "approve", "write", "admin"):
            view = channels.needs(need)(page_of())
            blueprint.add_url_rule(f"/{need}", need, view, methods=["GET", "POST"])
        blueprint.add_url_rule("/silent", "silent", page_of(), methods=["GET", "POST"])
        return blueprint


def page_of() -> Callable[[], str]:
    """A view that declares nothing yet."""

    def page() -> str:
        return "here"

    return page


class PagedPlugin:
    def __init__(self, network: FakeNetwork) -> None:
        self.network = network

    @hookimpl
    def register_channels(self) -> list[FakeChannel]:
        return [Paged(self.network)]


@pytest.fixture
def registry(network: FakeNetwork) -> Registry:
    registry = Registry()
    registry.add(PagedPlugin(network), name="paged")
    return registry


OPEN = {
    Role.VIEWER: {"public", "view"},
    Role.REVIEWER: {"public", "view", "approve"},
    Role.MARKETER: {"public", "view", "approve", "write"},
    Role.ADMIN: {"public", "view", "approve", "write", "admin"},
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_of_a_plugin_is_open_to_whom_it_names(
    client_as: Callable[[Role], FlaskClient], role: Role, method: str
):
    browser = client_as(role)

    answers = {
        name: browser.open(f"/channels/paged/{name}", method=method).status_code
        for name in ("public", "view", "approve", "write", "admin", "silent")
    }

    assert {name for name, status in answers.items() if status == 200} == OPEN[role]
    assert {answers[name] for name in answers if name not in OPEN[role]} == {403}


def test_nobody_opens_them_without_a_log_in_but_the_public_one(client: FlaskClient):
    names = ("public", "view", "silent")

    answers = [client.get(f"/channels/paged/{name}").status_code for name in names]

    assert answers == [200, 303, 303]
