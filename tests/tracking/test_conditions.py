"""People are found by what they clicked, and never by what a machine fetched."""

from datetime import UTC, datetime

from tests.support.factories import make_delivery, make_subscription
from webapp.audience.visitors import people
from webapp.audience.visitors.people import Query
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service
from webapp.tracking.models import Click, ClickKind, TrackedLink

CASES = (
    ("clicked_link", "contains", "SHOP.example/a", {"ana"}),
    ("clicked_link", "begins", "https://shop.example", {"ana", "bo"}),
    ("clicked_delivery", "contains", "spring", {"ana", "bo"}),
    ("clicked_delivery", "is", "winter", set()),
    ("last_click", "since", "2026-11-20", {"bo"}),
    ("last_click", "before", "2026-11-20", {"ana"}),
)


def test_visitors_are_found_by_their_clicks_and_everybody_else_by_its_opposite(
    runtime: Runtime, service: Service
):
    ids = {name: make_subscription(runtime, service).visitor_id for name in ("ana", "bo", "cy")}
    delivery = make_delivery(runtime, service, label="Spring list")
    when = [datetime(2026, 11, day, tzinfo=UTC) for day in (10, 12, 25, 26)]
    clicks = [
        ("ana", 1, ClickKind.PERSON), ("bo", 2, ClickKind.PERSON),
        ("bo", 2, ClickKind.PERSON), ("cy", 1, ClickKind.FETCHER),
    ]  # fmt: skip
    for number, end in ((1, "a"), (2, "b")):
        runtime.session.add(
            TrackedLink(
                id=number, delivery_id=delivery.id, digest=end, personal=False,
                address=f"https://Shop.example/{end}", made_at=when[0],
            )
        )  # fmt: skip
    for number, (at, (who, link, kind)) in enumerate(zip(when, clicks, strict=True)):
        row = Click(key=number, link_id=link, service_id=service.id, visitor_id=ids[who])
        row.id, row.at, row.quarter, row.kind = number, at, 1, kind
        runtime.session.add(row)
    runtime.session.commit()
    names = {number: name for name, number in ids.items()}

    def of(condition: dict) -> set[str]:
        page = people.search(runtime, Query(conditions=(condition,)))
        return {names[line.visitor.id] for line in page.lines}

    for field, op, value, found in CASES:
        condition = {"field": field, "op": op, "value": value}
        assert of(condition) == found, condition
        assert of({"not": condition}) == set(names.values()) - found
