"""A plugin may answer anything; it is named, and the accounts of others are read all the same."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from channels import AudiencePage, InboundPage, Person
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork, person, wrote
from tests.support.sync import crowd, following, names, said, work
from webapp.audience.inbox import reader
from webapp.kernel.runtime import Runtime

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def half() -> Iterator[Person]:
    yield person(1)
    raise KeyError("data")


def people(*found: object, following: object = None) -> object:
    return AudiencePage(people=found, next_cursor=following)


def messages(*found: object, following: object = None) -> object:
    return InboundPage(messages=found, next_cursor=following)


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (lambda: None, "None is no AudiencePage."),
        (lambda: [person(1)], "is no AudiencePage."),
        (
            lambda: AudiencePage(people=half(), next_cursor=None),
            "AudiencePage.people is <generator",
        ),
        (lambda: people("anna"), "AudiencePage.people[0] is 'anna'; it must be Person."),
        (
            lambda: people(person(1), person(2, handle=None)),
            "Person.handle is None; it must be str.",
        ),
        (lambda: people(person(1), following="a"), "the place 'a' leads to itself."),
    ],
)
def test_a_page_of_people_that_breaks_the_contract_is_its_plugins_fault(
    runtime: Runtime, network: FakeNetwork, service, workflow, page: Callable[[], object], why: str
):
    shop = make_service(runtime, internal_name="shop")
    network.accounts["shop"] = replace(network.account, remote_id="2", handle="shop")
    network.people = crowd(3)
    part = runtime.registry.get("fake").audience
    read = part.read
    part.read = lambda to, at: page() if to.handle == "ateliernord" else read(to, at)

    run = work(runtime, workflow)

    told = [text for text in said(runtime, run) if "The plugin failed: " in text]
    assert why in told[0]
    assert told[0].startswith("@ateliernord")
    assert following(runtime, shop) == names(network.people)


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (lambda: None, "None is no InboundPage."),
        (lambda: messages(wrote(1, None, NOON)), "InboundMessage.text is None; it must be str."),
        (lambda: messages(wrote(1, "Hi", NOON, wish="stop")), "InboundMessage.wish is 'stop'"),
        (
            lambda: messages(replace(wrote(1, "Hi", NOON), person=None)),
            "person is None; it must be Person",
        ),
        (
            lambda: messages(wrote(1, "Hi", NOON.replace(tzinfo=None))),
            "must be an aware time in UTC.",
        ),
        (lambda: messages(wrote(1, "Hi", NOON), following="a"), "the place 'a' leads to itself."),
    ],
)
def test_a_page_of_messages_that_breaks_the_contract_is_its_plugins_fault(
    runtime: Runtime, service, workflow, page: Callable[[], object], why: str
):
    runtime.registry.get("fake").inbox.read = lambda _context, _cursor: page()

    run = work(runtime, workflow)

    assert why in run.reason
    assert run.reason.startswith("@ateliernord: The plugin failed: ")


def test_a_message_that_is_listed_twice_is_kept_once(runtime: Runtime, service):
    again = wrote(1, "Hi", NOON)
    runtime.registry.get("fake").inbox.read = lambda _context, _cursor: messages(again, again)

    assert reader.read_new(runtime, service).new == 1


def test_limits_that_cannot_be_told_are_the_plugins_fault(
    runtime: Runtime, network: FakeNetwork, service, workflow
):
    network.limits = ["fifteen"]

    run = work(runtime, workflow)

    assert run.reason.startswith("@ateliernord: The plugin failed: 'fifteen' is no Limit.")
