"""Every page an operator can open: the routes that are read, with sample ids where needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from webapp.acquisition.models import AcquisitionPage
from webapp.audience.models import Subscription
from webapp.deliveries import why
from webapp.deliveries.models import Delivery, Message, MessageState
from webapp.kernel.runtime import Runtime
from webapp.privacy.models import ErasureWish
from webapp.profiles.models import ProfileImport, ProfileLink
from webapp.services.models import Service
from webapp.workflows.models import Workflow

FOUND = 200


@dataclass(frozen=True, kw_only=True)
class Place:
    """A page: the name of its picture, its address, and its route if others have it, too."""

    name: str
    path: str
    route: str = ""


def places(app: Flask, runtime: Runtime, browser: FlaskClient) -> list[Place]:
    """Return the pages that answer `browser`, each once."""
    found = [
        Place(name="search-found", path="/search?q=a"),
        Place(name="error-404", path="/services/999999"),
    ]
    samples = _samples(runtime)
    for _word, number in samples["message_id"]:
        who = runtime.session.get_one(Message, number).visitor
        reader = who.remote_id if who else ""
        link = why.path(runtime.settings, number, reader)
        found += [
            Place(name="privacy-why", path=link),
            Place(name="privacy-why-erase", path=f"{link}/erase"),
            Place(name="privacy-why-over", path="/why/none"),
            Place(
                name="privacy-stop", path=why.path(runtime.settings, number, reader, "stop_link")
            ),
        ]
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.endpoint.endswith("static"):
            found.extend(_of_rule(app, rule, samples))
    return [place for place in found if _is_page(browser, place)]


def _samples(runtime: Runtime) -> dict[str, list[tuple[str, Any]]]:
    """Return values for the variables of routes, each with a word for the name of its picture."""
    session = runtime.session
    deliveries = session.scalars(select(Delivery).where(Delivery.parent_id.is_(None)))
    wishes = session.scalars(select(ErasureWish))
    agreed = Subscription.opted_in_at.is_not(None) | Subscription.wrote_first_at.is_not(None)
    sent = (
        select(Message.id)
        .join(Subscription, Message.subscription_id == Subscription.id)
        .where(Message.state == MessageState.SENT, agreed)
    )
    visitor = session.scalar(
        select(Subscription.visitor_id).where(Subscription.wrote_first_at.is_not(None)).limit(1)
    )
    service = session.scalar(select(Service.id).where(Service.is_test.is_(False)).limit(1))
    page = session.scalar(select(AcquisitionPage).limit(1))
    return {
        "delivery_id": [(f"{row.kind.name}-{row.state.value}", row.id) for row in deliveries],
        "visitor_id": [("", visitor)],
        "service_id": [("", service)],
        "message_id": [("", session.scalar(sent.order_by(Message.id).limit(1)))],
        "wish_id": [(row.state.value, row.id) for row in wishes],
        "workflow_id": [("", session.scalar(select(Workflow.id).limit(1)))],
        "profile_id": [("", session.scalar(select(ProfileLink.profile_id).limit(1)))],
        "import_id": [("", session.scalar(select(ProfileImport.id).limit(1)))],
        "page_id": [("", page.id if page else None)],
        "slug": [("", page.slug if page else None)],
        "key": [("", page.preview_key if page else None)],
        "kind": [("", session.scalar(select(Service.kind).limit(1)))],
    }


def _of_rule(app: Flask, rule: Rule, samples: dict[str, list[tuple[str, Any]]]) -> Iterator[Place]:
    """Yield the route's page, once for each sample of its first variable."""
    variables = sorted(rule.arguments)
    if any(not samples.get(name) for name in variables):
        return
    name = rule.endpoint.replace(".", "-")
    choices = samples[variables[0]] if variables else [("", None)]
    rest = {item: samples[item][0][1] for item in variables[1:]}
    with app.test_request_context():
        for word, value in choices:
            values = {variables[0]: value} | rest if variables else {}
            adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
            path = adapter.build(rule.endpoint, values, force_external=False)
            yield Place(name=f"{name}-{word}".rstrip("-"), path=path, route=rule.endpoint)


def _is_page(browser: FlaskClient, place: Place) -> bool:
    """Tell a page from what is no HTML, from a refusal, and from a part that a page asks for."""
    answer = browser.get(place.path)
    refused = place.name.startswith("error-")
    whole = answer.mimetype == "text/html" and answer.text.startswith("<!doctype html>")
    return whole and (answer.status_code == FOUND or refused)
