"""People are filtered by the profile that they are."""

import pytest

from tests.support.factories import make_service, make_subscription
from tests.support.profiles import make_profile
from webapp.audience import filters
from webapp.audience.visitors import people
from webapp.audience.visitors.people import Query
from webapp.kernel.runtime import Runtime
from webapp.profiles import tags
from webapp.profiles.reconciliation import linking


@pytest.mark.parametrize(
    ("field", "op", "value", "found"),
    [
        ("has_profile", "is", "yes", {"ana", "bo"}),
        ("has_profile", "is", "no", {"clara"}),
        ("profile_email", "is", "yes", {"ana"}),
        ("profile_email", "is", "no", {"bo", "clara"}),
        ("profile_language", "is", "PT-BR", {"ana"}),
        ("profile_tag", "begins", "Fair", {"bo"}),
        ("profile_tag", "is", "fair", set()),
    ],
)
def test_visitors_are_found_by_their_profile_and_everybody_else_by_its_opposite(
    runtime: Runtime, field: str, op: str, value: str, found: set[str]
):
    service = make_service(runtime)
    ties = {name: make_subscription(runtime, service) for name in ("ana", "bo", "clara")}
    ana = make_profile(runtime, email="ana@ruiz.example", language="pt-BR")
    bo = make_profile(runtime, first_name="Bo")
    tags.add(runtime, bo.id, "Fair 2025")
    for name, profile in (("ana", ana), ("bo", bo)):
        linking.link(runtime, ties[name].visitor_id, profile.id)
    names = {tie.visitor_id: name for name, tie in ties.items()}
    condition = {"field": field, "op": op, "value": value}

    def of(*conditions: dict, **more: int) -> set[str]:
        page = people.search(runtime, Query(conditions=conditions, **more))
        return {names[line.visitor.id] for line in page.lines}

    assert of(condition) == found
    assert of({"not": condition}) == set(names.values()) - found
    # Beside a condition on the subscription, where the other side leads.
    messaged = {"field": "may_be_messaged", "op": "is", "value": "yes"}
    assert of(condition, messaged, service_id=service.id) == found
    assert " ".join(filters.in_words([condition])[0])
