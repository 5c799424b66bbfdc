"""All that happened with the person of a profile, in one list by time, cut by a key."""

from datetime import timedelta

from flask.testing import FlaskClient

from channels.clock import FileClock
from tests.support.deliveries import sent
from tests.support.factories import make_service, make_subscription
from tests.support.profiles import make_profile
from webapp.audience.consents import recording
from webapp.audience.models import ReceivedMessage
from webapp.kernel.runtime import Runtime
from webapp.profiles import timeline, values
from webapp.profiles.merging import merge as merging
from webapp.profiles.models import Origin, Profile
from webapp.profiles.moments import Edge
from webapp.profiles.reconciliation import linking
from webapp.profiles.values import Source


def lived(runtime: Runtime, clock: FileClock) -> tuple[Profile, int]:
    """A profile of which one thing of each kind happened, and its visitor."""
    service, kept, gone = make_service(runtime), make_profile(runtime), make_profile(runtime)
    tie = make_subscription(runtime, service)
    clock.advance(timedelta(minutes=1))
    linking.link(runtime, tie.visitor_id, kept.id)
    clock.advance(timedelta(minutes=1))
    recording.record_opt_in(runtime, tie.id, recording.Agreement(proof="Fair.", purpose="News"))
    clock.advance(timedelta(minutes=1))
    sent(runtime, service, people=0)
    clock.advance(timedelta(minutes=1))
    note = {"service_id": service.id, "visitor_id": tie.visitor_id, "text": "Is it open?"}
    runtime.session.add(
        ReceivedMessage(
            remote_id="n1", received_at=runtime.now(), read_at=runtime.now(), wish="none", **note
        )
    )
    clock.advance(timedelta(minutes=1))
    seen = (kept.version, gone.version)
    runtime.session.commit()
    merging.merge(runtime, kept.id, gone.id, taken=(), seen=seen)
    clock.advance(timedelta(minutes=1))
    values.write(
        runtime, kept, {"phone": "555 12345"}, Source(origin=Origin.IMPORT, about="fair.csv")
    )
    runtime.session.commit()
    return kept, tie.visitor_id


def test_everything_is_told_once_whatever_a_page_holds(runtime: Runtime, clock: FileClock):
    profile, visitor = lived(runtime, clock)

    whole, after = timeline.page(runtime, profile, [visitor], None)
    paged, edge = [], None
    while True:
        some, edge = timeline.page(runtime, profile, [visitor], edge, size=2)
        paged += some
        if edge is None:
            break
        edge = Edge.read(str(edge))

    told = [moment.event.what for moment in whole]
    assert after is None
    assert told == [
        *("imported", "merged", "wrote", "sent", "opted_in", "linked"),
        *("made", "made", "wrote_first"),
    ]
    assert [moment.edge for moment in paged] == [moment.edge for moment in whole]


def test_the_page_shows_it_and_takes_no_place_that_is_none(
    runtime: Runtime, clock: FileClock, marketer: FlaskClient
):
    profile, _visitor = lived(runtime, clock)
    address = f"/audience/profiles/{profile.id}/timeline"
    runtime.session.rollback()

    shown = marketer.get(address).text
    odd = marketer.get(f"{address}?before=soon~x~99999999999")

    for words in ("Is it open?", "fair.csv", "Another profile went into it", "Opted in"):
        assert words in shown
    assert odd.status_code == 200
