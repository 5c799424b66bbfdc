"""Deliveries and accounts are found by their labels as people are by their names."""

from collections.abc import Callable

import pytest
from alembic import command
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, text

from tests.support.factories import make_delivery, make_service, make_visitor
from tests.support.plans import plans, sorts
from webapp.audience.visitors import people
from webapp.deliveries.drafts import editing, templates
from webapp.deliveries.queries import listing
from webapp.kernel import schema
from webapp.kernel.db import dialect_of
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service
from webapp.system.dashboard import search

BEFORE = "f4a17c90d2e6"


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("Été à Genève", "ete a"),
        ("Ete", "ÉTÉ"),
        ("Große Eröffnung", "GROSSE EROFF"),
        ("Ｓａｌｅ ５０％", "sale 50%"),
        ("İstanbul", "istanbul"),
    ],
)
def test_accents_width_and_case_hide_no_label(runtime: Runtime, label: str, words: str):
    account = make_service(runtime, label=label)
    delivery = make_delivery(runtime, account, label=label)

    found = search.search(runtime, words)
    lines = listing.page(runtime, listing.Query(words=words)).lines

    assert [item.id for item in found.deliveries] == [delivery.id]
    assert [item.id for item in found.services] == [account.id]
    assert [line.delivery.id for line in lines] == [delivery.id]


def test_what_is_renamed_is_found_by_its_new_name_alone(runtime: Runtime):
    account = make_service(runtime, internal_name="élan", label="Old")
    delivery = make_delivery(runtime, account, label="Printemps")
    account.label = "New"
    editing.edit(runtime, delivery.id, editing.DeliveryChanges(label="Noël"))

    assert search.search(runtime, "printemps").nothing
    assert search.search(runtime, "old").nothing
    assert search.search(runtime, "noel").deliveries
    assert search.search(runtime, "elan").services == search.search(runtime, "new").services != []


def test_deliveries_are_found_by_what_they_say_and_templates_are_found_too(
    runtime: Runtime, admin: FlaskClient
):
    delivery = make_delivery(runtime, make_service(runtime), label="Letter")
    other = make_delivery(runtime, make_service(runtime), label="Other", content="Winter")
    kept = templates.save_as(runtime, delivery, "Kept letter")

    found = search.search(runtime, "SPRING is")
    lines = listing.page(runtime, listing.Query(words="SPRING is")).lines

    assert [item.id for item in found.deliveries] == [delivery.id]
    assert [line.delivery.id for line in lines] == [delivery.id]
    assert other.id not in {line.delivery.id for line in lines}
    assert [item.id for item in found.templates] == [kept.id]
    assert "Kept letter" in admin.get("/search?q=spring").text


def test_signs_that_nobody_sees_find_nothing(runtime: Runtime, admin: FlaskClient):
    make_delivery(runtime, make_service(runtime))

    assert search.search(runtime, "\u200d\u0301").nothing
    assert admin.get("/search?q=%E2%80%8D").status_code == 200


def migrate(engine: Engine, way: Callable[..., None], revision: str) -> None:
    with engine.begin() as connection:
        way(schema._config(connection), revision)


def test_labels_given_before_are_found_after_an_upgrade(runtime: Runtime, database_url: str):
    first = make_service(runtime, internal_name="A", label="Étage").id
    for _number in range(2):
        delivery = make_delivery(runtime, runtime.session.get_one(Service, first), label="Été").id
    runtime.session.close()
    engine = create_engine(database_url)

    migrate(engine, command.downgrade, BEFORE)
    migrate(engine, command.upgrade, "head")

    with engine.connect() as connection:
        keys = connection.scalars(text("SELECT search_key FROM delivery")).all()
        named = connection.scalar(text("SELECT search_key FROM service"))
    engine.dispose()
    assert (keys, named, delivery) == (["ete", "ete"], "etage a", 2)


def test_who_is_not_shown_is_one_link_away(runtime: Runtime, admin: FlaskClient):
    for number in range(search.MOST):
        make_visitor(runtime, handle=f"ada{number}", name=f"Ada {number}")
        make_delivery(runtime, label=f"Ada {number}")

    first = admin.get("/search?q=ada").text
    assert "Show all" not in first
    assert first.count('<span class="ff-n ff-num">10</span>') == 2

    make_visitor(runtime, handle="adaX", name="Ada X")
    make_delivery(runtime, label="Ada X")
    page = admin.get("/search?q=ada").text

    assert page.count('<span class="ff-n ff-num">10+</span>') == 2
    assert '<a href="/audience/visitors?q=ada">Show all in Audience</a>' in page
    assert '<a href="/deliveries?q=ada">Show all in Deliveries</a>' in page
    assert "Ada 0" in admin.get("/deliveries?q=ada").text


def test_people_stand_in_the_order_of_the_list_that_shows_them_all(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
):
    for number, followers in enumerate((5, None, 90, 40)):
        make_visitor(runtime, handle=f"ada{number}", name=f"Ada {number}", follower_count=followers)
    listed = [line.visitor.id for line in people.search(runtime, people.Query(words="ada")).lines]

    for few in (2_000, 1):
        monkeypatch.setattr(people, "FEW", few)
        found = search.search(runtime, "ada")

        assert [visitor.id for visitor in found.visitors] == listed
        assert [visitor.follower_count for visitor in found.visitors] == [90, 40, 5, None]
        assert not found.more_visitors


def test_people_with_a_common_word_are_met_along_the_index_of_followers(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(people, "FEW", 1)
    for number in range(3):
        make_visitor(runtime, handle=f"ada{number}", name=f"Ada {number}")

    asked = plans(runtime, lambda: search.search(runtime, "ada"), "visitor_word")

    # PostgreSQL sorts so few rows as soon as it reads them in order.
    if dialect_of(runtime.session) == "sqlite":
        assert not any(sorts(found) for found in asked)
        assert any("ix_visitor_follower_count_id" in found for found in asked)


def test_the_own_account_is_found_as_a_service_alone(runtime: Runtime):
    account = make_service(runtime, label="Ada", internal_name="ada")
    make_visitor(runtime, kind=account.kind, remote_id=account.remote_id, handle="ada", name="Ada")

    found = search.search(runtime, "ada")

    assert (found.services, list(found.visitors)) == ([account], [])
