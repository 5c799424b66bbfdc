import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from channels import Accepts, Feature
from channels.clock import FileClock
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from webapp.kernel.config.settings import Settings
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service
from webapp.tracking import collector
from webapp.tracking.models import ClickCount, ClickKind

PERSON = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36"
)
BASE = "https://go.example"
SHOP = "https://shop.example/spring?a=%E9&b=#top"
TEXT = f"Hi {{first_name|there}}, see {SHOP} . {{opt_out_line}}"
SHORT = re.compile(rf"{re.escape(BASE)}/l/\S+")

Follow = Callable[..., TestResponse]
Collect = Callable[[], int]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Those of an instance that people reach."""
    return replace(settings, public_url=BASE)


@pytest.fixture(autouse=True)
def takes_links(network: FakeNetwork) -> None:
    """Let the network take links that lead elsewhere."""
    network.accepts = Accepts(features={Feature.LINKS, Feature.THREAD, Feature.REPLY})


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime)


@pytest.fixture
def follow(client: FlaskClient) -> Follow:
    """Ask for the page behind a short link, as a person's browser does."""

    def ask(address: str, browser: str = PERSON, method: str = "GET", **more: str) -> TestResponse:
        headers = {"User-Agent": browser, **more}
        return client.open(urlsplit(address).path, method=method, headers=headers)

    return ask


@pytest.fixture
def collect(app: Flask) -> Collect:
    """Make rows of what was noted."""
    return lambda: collector.collect(app)


def links_in(text: str) -> list[str]:
    return SHORT.findall(text)


def later(clock: FileClock) -> None:
    """Let the moment pass in which nobody has read a message yet."""
    clock.advance(timedelta(minutes=1))


def total(kind: ClickKind, column=ClickCount.number) -> int:
    db.session.rollback()
    wanted = select(func.coalesce(func.sum(column), 0)).where(ClickCount.kind == kind)
    return db.session.scalar(wanted)
