"""What programs fetch is counted apart from what people follow."""

import pytest
from sqlalchemy import select

from channels.clock import FileClock
from tests.support.deliveries import proved, sent
from tests.support.factories import make_delivery, make_service
from tests.support.fakes import FakeNetwork
from tests.tracking.conftest import TEXT, Collect, Follow, later, links_in, total
from webapp.deliveries.models import (
    Attempt,
    AttemptOutcome,
    DeliveryKind,
    Message,
    MessageState,
)
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service
from webapp.tracking.models import Click, ClickKind


def test_the_links_of_a_proof_lead_on_and_count_nothing(
    runtime: Runtime, service: Service, network: FakeNetwork, follow: Follow, collect: Collect
):
    house = make_service(runtime, internal_name="house", is_test=True)
    draft = make_delivery(
        runtime, service, kind=DeliveryKind.POST, content=TEXT, proof_service_id=house.id
    )
    proved(runtime, draft)

    assert follow(links_in(network.posts[0])[0]).status_code == 302
    assert collect() == 0


def test_whoever_reads_what_is_out_already_is_no_machine(
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    follow: Follow,
    collect: Collect,
    clock: FileClock,
):
    """Of a thread, the first part is out while the others wait; so is what got no answer."""
    sent(runtime, service, people=1, content=TEXT)
    message = runtime.session.scalars(select(Message)).one()
    message.state, message.sent_at = MessageState.UNKNOWN, None
    runtime.session.scalars(select(Attempt)).one().outcome = AttemptOutcome.UNKNOWN
    runtime.session.commit()
    later(clock)
    follow(links_in(network.directs[0][1])[0])
    collect()

    assert (total(ClickKind.PERSON), total(ClickKind.FETCHER)) == (1, 0)


@pytest.mark.one_database
def test_programs_are_counted_apart_each_with_its_rule(
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    follow: Follow,
    collect: Collect,
    clock: FileClock,
):
    sent(runtime, service, people=1, content=TEXT)
    link = links_in(network.directs[0][1])[0]
    follow(link)
    later(clock)
    follow(link, method="HEAD")
    follow(link, browser="")
    follow(link, browser="Bluesky Cardyb/1.1; +mailto:support@bsky.app")
    follow(link, **{"Sec-Purpose": "prefetch;prerender"})
    follow(link, **{"Sec-Fetch-Dest": "image"})
    follow(link, browser="Mozilla/5.0 (iPhone) AppleWebKit/605.1 Twitter for iPhone/10.1")
    collect()

    rules = list(db.session.scalars(select(Click.rule).order_by(Click.id)))
    assert rules == ["early", "head", "nameless", "named", "prefetch", "no_page", ""]
    assert (total(ClickKind.FETCHER), total(ClickKind.PERSON)) == (6, 1)
