"""A page that asks people, on the account of a running Sandbox X."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.plugins.x.sandbox.running import IDS, RunningSandbox, running
from tests.support.factories import make_service
from webapp.acquisition import content, pages, publishing
from webapp.acquisition.models import AcquisitionPage, PageKind
from webapp.acquisition.pages import Change, NewPage
from webapp.audience.models import ConsentScope
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


@pytest.fixture(scope="package")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """A Sandbox X for all these tests."""
    with running(tmp_path_factory.mktemp("sandbox"), "--followers", "5") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(process: RunningSandbox, runtime: Runtime) -> RunningSandbox:
    """The sandbox as it is at first, beside this instance."""
    process.restart()
    runtime.registry._config["x"] = {"sandbox_url": process.url}
    return process


@pytest.fixture
def brand(runtime: Runtime) -> Service:
    """The account of the sandbox in whose name people are asked."""
    return make_service(
        runtime,
        kind="x",
        internal_name="ateliernord",
        remote_id=str(IDS["ateliernord"]),
        settings={"sandbox": True},
        is_sandbox=True,
    )


def made(runtime: Runtime, service: Service, **more: object) -> AcquisitionPage:
    """A draft that can go online; `more` are parts of its content."""
    kind = more.pop("kind", PageKind.SHARE)
    page = pages.create(
        runtime, NewPage(kind=kind, service_id=service.id, label="Spring list", language="en")
    )
    draft = content.read(page.draft)
    words = replace(draft.in_language("en"), title="Share with us", text="We write once a month.")
    scopes = (ConsentScope.MESSAGES, ConsentScope.EMAIL)
    whole = replace(draft, privacy_url="https://shop.example/privacy", scopes=scopes)
    change = Change(
        edition=page.edition,
        label=page.label,
        slug=page.slug,
        language="en",
        words=words,
        content=replace(whole, **more),
    )
    return pages.edit(runtime, page.id, change)


def online(runtime: Runtime, service: Service, **more: object) -> AcquisitionPage:
    """A page that people read."""
    page = made(runtime, service, **more)
    return publishing.put_online(runtime, page.id, page.edition)
