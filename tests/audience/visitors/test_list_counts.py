"""A long list says how many it holds, as counted now or at a time that the page names."""

from datetime import timedelta
from functools import partial

import pytest
from flask.testing import FlaskClient

from channels.clock import FileClock
from tests.support.factories import make_service, make_subscription, make_visitor
from tests.support.plans import plans
from webapp.audience.models import ListCount, Subscription, Visitor
from webapp.audience.visitors import list_counts, matching, people
from webapp.audience.visitors.list_counts import ListNumber, WholeList
from webapp.kernel.db import reading
from webapp.kernel.folders import FolderKind, folder
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

URL = "/audience/visitors"
EVERYBODY, FOLLOWERS = WholeList(), WholeList(view="subscribers")
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def account(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Service:
    """An account with four followers, which is many here."""
    monkeypatch.setattr(matching, "MOST", 2)
    service = make_service(runtime)
    for number in range(4):
        make_subscription(runtime, service, make_visitor(runtime, name=f"Person {number}"))
    return service


def known(runtime: Runtime, item: WholeList) -> ListNumber:
    """The number as a page asks for it, which begins anew and only reads."""
    runtime.session.commit()
    runtime.session.expire_all()
    with reading():
        found = list_counts.known(runtime, [item])[item]
        runtime.session.commit()
    return found


def counted(runtime: Runtime, item: WholeList) -> ListNumber:
    runtime.session.commit()
    with reading():
        found = list_counts.counted(runtime, [item])[item]
        runtime.session.commit()
    return found


def one_leaves(runtime: Runtime) -> None:
    tie = runtime.session.query(Subscription).filter(Subscription.ended_at.is_(None)).first()
    assert tie is not None
    tie.ended_at = runtime.now()
    runtime.session.commit()


def test_of_a_long_list_that_nobody_counted_it_is_told_that_there_are_more(
    runtime: Runtime, account: Service
):
    found = known(runtime, FOLLOWERS)

    assert found == ListNumber(number=2, more=True)
    assert found.is_due(runtime.now())


def test_what_was_counted_of_a_long_list_is_kept_with_its_time(
    runtime: Runtime, account: Service, clock: FileClock
):
    at = runtime.now()
    assert counted(runtime, FOLLOWERS) == ListNumber(number=4)
    one_leaves(runtime)
    clock.advance(timedelta(minutes=9))

    found = known(runtime, FOLLOWERS)

    assert found == ListNumber(number=4, counted_at=at)
    assert not found.is_due(runtime.now())
    assert counted(runtime, FOLLOWERS) == ListNumber(number=3)


@pytest.mark.parametrize("passed", [timedelta(minutes=10), timedelta(days=-1)])
def test_it_is_time_to_count_again_after_ten_minutes_and_when_the_clock_was_set_back(
    runtime: Runtime, account: Service, clock: FileClock, passed: timedelta
):
    counted(runtime, FOLLOWERS)
    clock.set(runtime.now() + passed)

    assert known(runtime, FOLLOWERS).is_due(runtime.now())


def test_a_short_list_is_counted_each_time(runtime: Runtime, account: Service):
    lost = WholeList(view="lost")
    assert counted(runtime, lost) == ListNumber(number=0)
    one_leaves(runtime)

    assert known(runtime, lost) == ListNumber(number=1)
    assert runtime.session.query(ListCount).count() == 0


def test_a_list_that_became_short_is_kept_no_more(runtime: Runtime, account: Service):
    counted(runtime, FOLLOWERS)
    for _number in range(3):
        one_leaves(runtime)
    assert known(runtime, FOLLOWERS).number == 4

    assert counted(runtime, FOLLOWERS) == ListNumber(number=1)
    assert known(runtime, FOLLOWERS) == ListNumber(number=1)


def test_another_account_makes_it_another_list(runtime: Runtime, account: Service):
    counted(runtime, FOLLOWERS)
    make_service(runtime, internal_name="another")

    assert known(runtime, FOLLOWERS).more


def test_another_day_makes_this_week_another_list(
    runtime: Runtime, account: Service, clock: FileClock
):
    new = WholeList(view="new")
    assert counted(runtime, new) == ListNumber(number=4)
    clock.advance(timedelta(days=1))

    assert known(runtime, new).more


def test_each_account_and_each_folder_has_a_number_of_its_own(runtime: Runtime, account: Service):
    shelf = folder(runtime, FolderKind.VISITORS, "Shelf")
    for person in runtime.session.query(Visitor).limit(3):
        person.folder = shelf
    runtime.session.commit()
    lists = [WholeList(service_id=account.id), WholeList(folder_id=shelf.id), EVERYBODY]

    assert [counted(runtime, item).number for item in lists] == [4, 3, 4]
    assert [known(runtime, item).number for item in lists] == [4, 3, 4]


def test_the_own_account_is_in_no_number(runtime: Runtime, account: Service):
    own = make_visitor(runtime, kind=account.kind, remote_id=account.remote_id)
    make_subscription(runtime, account, own)

    for item in (EVERYBODY, FOLLOWERS, WholeList(view="messaged")):
        assert counted(runtime, item).number == 4


@pytest.mark.parametrize(
    "view", ["all", "subscribers", "messaged", "wrote", "lost", "quarantine", "new"]
)
def test_whoever_has_several_subscriptions_counts_once(runtime: Runtime, account, view: str):
    other = make_service(runtime, internal_name="other")
    for number, tie in enumerate(runtime.session.query(Subscription).all()):
        more = make_subscription(runtime, other, tie.visitor)
        for row in (tie, more):
            row.ended_at = runtime.now() if number % 2 else None
            row.quarantined_at = runtime.now() if number % 3 else None
    runtime.session.commit()
    asked = WholeList(view=view).query(runtime)

    found = people.count(runtime, asked)

    pages = people.search(runtime, asked)
    assert found == len({line.visitor.id for line in pages.lines})
    assert found == (2 if view in ("subscribers", "messaged", "lost", "quarantine") else 4)


def test_who_follows_is_counted_without_a_look_at_people(runtime: Runtime, account: Service):
    for view in ("subscribers", "wrote", "lost", "quarantine"):
        asked = WholeList(view=view).query(runtime)

        (found,) = plans(runtime, partial(people.count, runtime, asked), "subscription")

        assert "visitor" not in found.replace("visitor_id", "")


def test_a_page_says_the_whole_number_and_when_it_was_counted(
    marketer: FlaskClient, runtime: Runtime, account: Service, clock: FileClock
):
    before = marketer.get(URL).text
    assert 'id="tab-subscribers">2+<' in before
    assert "Lists of more than 2 people are not counted yet." in before
    assert 'hx-trigger="load, click"' in before

    answer = marketer.get(f"{URL}/numbers", headers=FRAGMENT).text
    assert '<span class="ff-num" id="tab-subscribers" hx-swap-oob="true">4</span>' in answer
    assert '<span id="whole-all-0-0" hx-swap-oob="true">4</span>' in answer
    assert "Lists of more than 2 people were counted today" in answer
    kept = {row.name.partition(" ")[0]: row.number for row in runtime.session.query(ListCount)}
    assert kept["subscribers-0-0"] == 4

    after = marketer.get(URL).text
    assert 'id="tab-subscribers">4<' in after
    assert '4 of <span id="whole-all-0-0">4</span>, from' in after
    assert "Lists of more than 2 people were counted today" in after
    assert 'hx-trigger="click"' in after


def test_whoever_has_no_scripts_counts_by_a_link(marketer: FlaskClient, account: Service):
    asked = f"service={account.id}"
    page = marketer.get(f"{URL}?{asked}").text
    assert f'href="{URL}?{asked}&amp;recount=1"' in page
    assert "of <span" in page
    assert "more than 2<" in page

    again = marketer.get(f"{URL}?{asked}&recount=1").text
    answer = marketer.get(f"{URL}/numbers?{asked}")

    assert f'4 of <span id="whole-all-{account.id}-0">4</span>, from' in again
    assert "Count now" not in again
    assert (answer.status_code, answer.location) == (303, f"{URL}?{asked}&recount=1")


def test_a_search_says_only_how_far_it_was_counted(marketer: FlaskClient, account: Service):
    counts = marketer.get(f"{URL}?q=person").text

    assert "4 of more than 2, from" in counts
    assert "Count now" not in counts
    assert "tab-" not in counts


def test_a_view_that_is_not_known_is_the_list_of_all(marketer: FlaskClient, account: Service):
    text = marketer.get(f"{URL}?view=%3Cshoes%3E&recount=1").text

    assert '4 of <span id="whole-all-0-0">4</span>' in text


def test_the_first_steps_say_when_those_who_may_be_messaged_were_counted(
    admin: FlaskClient, runtime: Runtime, account: Service
):
    assert "2+ people wrote first" in admin.get("/").text
    counted(runtime, WholeList(view="messaged"))

    text = admin.get("/").text

    # Whoever looks has days of another zone, and so another list of this week, but not of these.
    assert "4 people wrote first or opted in and may be messaged. Counted today" in text
