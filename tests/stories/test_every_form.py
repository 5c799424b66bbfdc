"""Every form is submitted in a real browser as a person would, with the browser's own checks on."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.meta.test_routes import own_rules
from tests.meta.test_templates import TEMPLATES
from tests.stories import (
    walks_of_acquisition,
    walks_of_consents,
    walks_of_deliveries,
    walks_of_experiments,
    walks_of_media,
    walks_of_operators,
    walks_of_privacy,
    walks_of_profiles,
    walks_of_reports,
    walks_of_services,
    walks_of_templates,
    walks_of_threads,
    walks_of_tracking,
)
from tests.stories.submitting import FAULTY, WALKS, Scene, Walk, each_walk
from tests.support.fakes import FakeNetwork
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role

WALKED = (
    walks_of_acquisition,
    walks_of_consents,
    walks_of_deliveries,
    walks_of_experiments,
    walks_of_media,
    walks_of_operators,
    walks_of_privacy,
    walks_of_profiles,
    walks_of_reports,
    walks_of_services,
    walks_of_templates,
    walks_of_threads,
    walks_of_tracking,
)
# Networks and the targets of links write there, and sign what they write.
NO_BROWSER = {"deliveries.events", "tracking.report"}
# These need a network that people sign in to: `test_acquisition.py` walks them.
SIGNED_IN = {"acquisition.put_online", "acquisition.public_answer", "acquisition.public_start"}
PLAIN = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
SEARCHES = re.compile(r'<form(?![^>]*method="(?:post|dialog)")[^>]*>')
EACH = [pytest.param(name, walk, id=f"{name}-{walk.__name__}") for name, walk in each_walk()]


@pytest.fixture
def scene(
    app: Flask,
    page_as: Callable[[Role], Page],
    site: str,
    runtime: Runtime,
    network: FakeNetwork,
) -> Scene:
    """An administrator's tab on an instance of its own."""
    return Scene(page=page_as(Role.ADMIN), site=site, app=app, runtime=runtime, network=network)


def test_every_address_that_takes_a_form_is_walked(app: Flask):
    takes = {rule.endpoint for rule in own_rules(app) if "POST" in (rule.methods or ())}

    assert takes - set(WALKS) - NO_BROWSER - SIGNED_IN == set()


def test_every_form_that_searches_is_walked():
    searching = {
        name.removeprefix("templates/")
        for name, text in TEMPLATES.items()
        if SEARCHES.search(PLAIN.sub("", text))
    }

    assert searching - set(WALKS) == set()


@pytest.mark.browser
@pytest.mark.parametrize(("endpoint", "walk"), EACH)
def test_a_form_arrives_and_is_taken(scene: Scene, endpoint: str, walk: Walk):
    walk(scene)

    if endpoint.endswith(".html"):
        scene.page.wait_for_url(lambda url: bool(parse_qs(urlsplit(url).query)))
        assert scene.page.locator("main h1").count() == 1
    else:
        answers = scene.arrived(endpoint)
        assert answers, "the browser kept the form back"
        assert max(answers) < FAULTY
    assert scene.page.faults == []
