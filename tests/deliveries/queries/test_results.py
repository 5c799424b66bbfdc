"""What came of a post: what stands now, and the figures that its accounts told."""

from flask.testing import FlaskClient

from tests.support.deliveries import sent
from tests.support.factories import make_service
from webapp.deliveries.control import delete_post
from webapp.deliveries.models import Delivery, DeliveryKind, Message
from webapp.deliveries.queries import listing, results
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def published(runtime: Runtime, service: Service) -> Delivery:
    return sent(runtime, service, people=0, kind=DeliveryKind.POST)


def told(runtime: Runtime, service: Service, **figures: int) -> None:
    """The account was read, and its newest post has these figures."""
    post = {"remote_id": "p0", "text": "", "posted_at": "2026-11-23T09:00:00", "figures": figures}
    # A page that was asked for meanwhile has let go of what the session held.
    row = runtime.session.get(Service, service.id)
    row.account, row.account_read_at = {"posts": [post]}, runtime.now()
    runtime.session.commit()


def test_a_delivery_shows_what_its_account_told_of_the_post(
    runtime: Runtime, marketer: FlaskClient
):
    service = make_service(runtime, internal_name="ateliernord")
    delivery = published(runtime, service)
    before = marketer.get(f"/deliveries/{delivery.id}").text
    told(runtime, service, views=8410, likes=0)

    page = marketer.get(f"/deliveries/{delivery.id}").text

    assert "not read since it was published" in before
    came = page.partition('id="came"')[2].partition("</section>")[0]
    assert "8,410" in came
    assert ">0<" in came
    assert came.count("unknown") == 2


def test_a_post_older_than_what_was_read_is_told_as_such(runtime: Runtime, marketer: FlaskClient):
    service = make_service(runtime)
    delivery = published(runtime, service)
    row = runtime.session.get(Service, service.id)
    row.account, row.account_read_at = {"posts": []}, runtime.now()
    runtime.session.commit()

    page = marketer.get(f"/deliveries/{delivery.id}").text

    assert "not among its latest posts as they were read" in page


def test_an_unknown_figure_of_one_account_makes_the_sum_unknown(runtime: Runtime):
    known, other = make_service(runtime), make_service(runtime)
    delivery = sent(runtime, known, people=0, kind=DeliveryKind.POST)
    told(runtime, known, views=5)
    second = published(runtime, other)
    posts = [*results.posts_of(runtime, delivery), *results.posts_of(runtime, second)]

    assert results.total(posts[:1], "views") == 5
    assert results.total(posts, "views") is None
    assert results.total([], "views") is None


def test_what_was_taken_back_is_told_wherever_what_was_sent_is(
    runtime: Runtime, marketer: FlaskClient
):
    delivery = published(runtime, make_service(runtime))
    message = runtime.session.query(Message).filter_by(delivery_id=delivery.id).one()

    delete_post.take_back(runtime, delivery.id, message.id)

    line = listing.page(runtime, listing.Query()).lines[0]
    assert (line.figures.sent, line.figures.taken_back, line.figures.stands) == (1, 1, 0)
    assert "1 taken back, 0 stand now" in marketer.get(f"/deliveries/{delivery.id}").text
    for path in ("/deliveries", "/"):
        assert "1 taken back" in marketer.get(path).text
    assert results.posts_of(runtime, delivery) == []
