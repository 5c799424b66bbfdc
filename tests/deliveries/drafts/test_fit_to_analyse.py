"""What is wrong already is said where it can be fixed, and the rest is shown as it goes out."""

from flask.testing import FlaskClient

from tests.support.deliveries import ready, sent
from tests.support.factories import make_delivery, make_service, make_subscription, make_visitor
from webapp.deliveries import analysis
from webapp.deliveries.models import Delivery, DeliveryKind, DeliveryState
from webapp.kernel.runtime import Runtime


def state(runtime: Runtime, delivery: Delivery) -> DeliveryState:
    return runtime.session.get(Delivery, delivery.id, populate_existing=True).state


def test_analyse_refuses_what_the_checks_call_an_error_with_their_sentence(
    runtime: Runtime, marketer: FlaskClient
):
    draft = make_delivery(runtime, make_service(runtime), kind=DeliveryKind.POST, content="a" * 368)

    answer = marketer.post(f"/deliveries/{draft.id}/analyse")

    assert answer.status_code == 422
    assert "This cannot be sent yet: " in answer.text
    assert "368" in answer.text.partition("This cannot be sent yet: ")[2].partition("<")[0]
    assert state(runtime, draft) is DeliveryState.DRAFT


def test_analyse_goes_on_where_only_a_warning_was_found(runtime: Runtime, marketer: FlaskClient):
    draft = make_delivery(runtime, make_service(runtime), kind=DeliveryKind.POST)

    answer = marketer.post(f"/deliveries/{draft.id}/analyse")

    assert answer.location == f"/deliveries/{draft.id}/confirm"
    assert state(runtime, draft) is DeliveryState.ANALYSING


def test_what_is_rejected_tells_no_end(runtime: Runtime, marketer: FlaskClient):
    service = make_service(runtime)
    make_subscription(runtime, service)
    draft = make_delivery(runtime, service, content="a" * 2_000)
    analysis.start(runtime, draft.id)
    assert analysis.analyse(runtime, draft.id).state is DeliveryState.REJECTED

    assert "When it ends" not in marketer.get(f"/deliveries/{draft.id}/confirm").text


def test_a_post_that_goes_out_at_once_tells_no_limits(runtime: Runtime, marketer: FlaskClient):
    def page(kind: DeliveryKind) -> str:
        delivery = ready(runtime, make_service(runtime), people=3, kind=kind)
        return marketer.get(f"/deliveries/{delivery.id}/confirm").text

    assert "When it ends" not in page(DeliveryKind.POST)
    assert "When it ends" in page(DeliveryKind.DIRECT)


def test_a_post_is_shown_as_each_of_its_accounts_publishes_it(
    runtime: Runtime, marketer: FlaskClient
):
    accounts = [
        make_service(runtime, account={"name": name}) for name in ("Atelier Nord", "Atelier Shop")
    ]
    draft = make_delivery(runtime, *accounts, kind=DeliveryKind.POST)
    analysis.start(runtime, draft.id)
    analysis.analyse(runtime, draft.id)

    page = marketer.get(f"/deliveries/{draft.id}/confirm").text

    assert page.count('class="ff-xpost-text"') == 2
    for name in ("Atelier Nord", "Atelier Shop"):
        assert f"<b>{name}</b>" in page


def test_the_preview_is_read_as_whoever_is_looked_for(runtime: Runtime, marketer: FlaskClient):
    service = make_service(runtime)
    people = [make_visitor(runtime, name=f"Person {letter}") for letter in "ABC"]
    noe = make_visitor(runtime, name="Noè Greco", handle="noe")
    for who in (*people, noe):
        make_subscription(runtime, service, who)
    draft = make_delivery(runtime, service)
    look = f"/deliveries/{draft.id}/compose?step=content&who={people[0].id}&n=1&whom="

    found = marketer.get(look + "gre").text
    nobody = marketer.get(look + "zebra").text

    assert "Hi Noè" in found
    assert "4 of 4" in found
    assert "Nobody who gets it has a name" in nobody
    assert "1 of 4" in nobody


def test_who_gets_nothing_is_not_found_for_the_preview(runtime: Runtime, marketer: FlaskClient):
    service = make_service(runtime)
    for name, out in (("Ana Ruiz", None), ("Bo Lind", None), ("Cy Stopped", runtime.now())):
        make_subscription(runtime, service, make_visitor(runtime, name=name), opted_out_at=out)
    draft = make_delivery(runtime, service)

    page = marketer.get(f"/deliveries/{draft.id}/compose?step=content&whom=stopped").text

    assert "Nobody who gets it has a name" in page


def test_a_post_that_went_out_has_titles_in_the_composer(runtime: Runtime, marketer: FlaskClient):
    post = sent(runtime, make_service(runtime), people=0, kind=DeliveryKind.POST)

    page = marketer.get(f"/deliveries/{post.id}/compose").text

    for title in ("Publish as", "Content", "Schedule", "Proof target"):
        assert f"<h2>{title}</h2>" in page
    assert "Published Monday 23 November 2026" in page
