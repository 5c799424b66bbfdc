"""The report of an account and of a delivery: figures, what stands beside, and sheets."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from channels import ChannelError, ErrorKind
from channels.clock import FileClock
from tests.reports.conftest import TEXT, clicked, rows, words
from tests.support.deliveries import sent
from tests.support.factories import make_subscription
from tests.support.fakes import FakeNetwork
from webapp.acquisition.models import AcquisitionDay, AcquisitionPage, PageKind, PageState
from webapp.audience.consents import recording
from webapp.audience.consents.recording import Agreement
from webapp.deliveries.models import Delivery, DeliveryKind, Message, PostMetric
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def test_an_instance_without_accounts_says_what_comes_first(admin: FlaskClient):
    assert "There is nothing to report yet" in admin.get("/reports").text


def test_a_report_stands_beside_the_days_before(
    runtime: Runtime, clock: FileClock, admin: FlaskClient, service: Service, spring: Delivery
):
    clock.advance(timedelta(days=28))
    later = sent(runtime, service, people=2, content=TEXT)
    clicked(runtime, later, readers=2, clicks=3)
    clock.advance(timedelta(days=1))

    said = words(admin.get("/reports").text)

    # The four people of the first delivery are in the target of the second one, too.
    assert "Messages and posts sent 6 1 delivery · 4 beside" in said
    assert "Readers who clicked 33.3 % 2 of 6 · 25 % beside" in said
    assert "times in Europe/Paris" in said
    alone = words(admin.get("/reports?beside=none").text)
    assert "2 of 6 Views" in alone
    assert "beside 2" not in alone


def test_the_sheet_of_a_part_holds_what_the_page_shows(
    admin: FlaskClient, service: Service, spring: Delivery
):
    page = admin.get("/reports?days=7").text
    sheet = admin.get(f"/reports/messages.csv?days=7&account={service.id}")

    assert "/reports/messages.csv?account=" in page
    last = rows(sheet.text)[-1]
    assert list(last.values())[1:] == ["4", "4", "1", "25.0"]
    assert len(rows(sheet.text)) == 7, "the row of all days is no day"
    refused = admin.get(f"/reports/nothing.csv?account={service.id}")
    assert refused.status_code == 404


def test_a_view_that_makes_no_sense_keeps_what_was_typed_and_says_why(
    admin: FlaskClient, service: Service
):
    answer = admin.get("/reports?days=own&from=2026-11-20&to=2026-11-02")

    assert answer.status_code == 422
    assert "The last day lies before the first one." in answer.text
    assert 'value="2026-11-20"' in answer.text
    assert admin.get("/reports/messages.csv?days=own").status_code == 422


def test_clicks_are_told_by_day_and_by_link(admin: FlaskClient, service: Service, spring: Delivery):
    asked = f"days=7&account={service.id}"
    days = rows(admin.get(f"/reports/clicks.csv?{asked}").text)
    links = rows(admin.get(f"/reports/links.csv?{asked}").text)

    assert list(days[-1].values())[1:] == ["2", "1", "1"]
    assert [row["Clicks"] for row in days[:-1]] == ["0"] * 6
    assert [list(row.values()) for row in links] == [
        ["https://shop.example/spring", "", spring.label, "2", "1", "1"]
    ]


def test_what_did_not_go_out_is_told_by_its_reason(
    runtime: Runtime, network: FakeNetwork, admin: FlaskClient, service: Service
):
    make_subscription(runtime, service, opted_out_at=runtime.now())
    refusal = ChannelError("No.", kind=ErrorKind.PERMANENT, code="not_permitted")
    network.before = [refusal, None, None]
    sent(runtime, service, people=3)

    said = words(admin.get("/reports").text)

    assert "Refuses messages from you 1 100 % 0" in said
    assert "Opted out 1 25 % 0" in said
    failed = rows(admin.get(f"/reports/failures.csv?account={service.id}").text)
    assert [row["Reason"] for row in failed] == ["failed/not_permitted"]


def test_new_contacts_are_told_by_their_source(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    assert "New contacts" not in admin.get("/reports").text
    page = AcquisitionPage(
        slug="share",
        kind=PageKind.SHARE,
        service_id=service.id,
        label="Share",
        state=PageState.ONLINE,
        preview_key="k",
        created_at=runtime.now(),
        created_by="Ana",
        changed_at=runtime.now(),
    )
    runtime.session.add(page)
    runtime.session.flush()
    day = runtime.now().date()
    for source, viewed, signed_in, consented in (("qr", 8, 4, 3), ("", 2, 1, 0)):
        row = AcquisitionDay(page_id=page.id, day=day, source=source, viewed=viewed)
        row.signed_in, row.consented = signed_in, consented
        runtime.session.add(row)
    runtime.session.commit()

    said = words(admin.get("/reports").text)

    assert "qr 8 4 50 % 3 75 %" in said
    assert "No source 2 1 50 % 0 0 %" in said
    assert "All 10 5 50 % 3 60 %" in said


def test_subscribers_are_told_as_they_were_seen(
    runtime: Runtime, clock: FileClock, admin: FlaskClient, service: Service
):
    clock.advance(timedelta(days=1))
    make_subscription(runtime, service, followed_at=runtime.now())

    said = words(admin.get("/reports?days=7").text)

    assert "Subscribers 1 +1 net" in said
    sheet = rows(admin.get(f"/reports/followers.csv?days=7&account={service.id}").text)
    assert [row["Gained"] for row in sheet] == ["unknown"] * 5 + ["0", "1"]


def test_who_agreed_is_told_day_by_day(
    runtime: Runtime, clock: FileClock, admin: FlaskClient, service: Service
):
    assert "Agreed to messages" not in admin.get("/reports").text
    ties = [make_subscription(runtime, service).id for _person in range(2)]
    for number in ties:
        recording.record_opt_in(runtime, number, Agreement(proof="Stand 7", purpose="News"))
    clock.advance(timedelta(days=1))
    recording.record_stop(runtime, ties[0])

    asked = f"days=7&beside=none&account={service.id}"
    assert "Agreed to messages 1 +1 net" in words(admin.get(f"/reports?{asked}").text)
    sheet = rows(admin.get(f"/reports/agreements.csv?{asked}").text)
    assert [list(row.values())[1:] for row in sheet[-3:]] == [
        ["0", "0", "0", "0"],
        ["2", "0", "2", "2"],
        ["0", "1", "-1", "1"],
    ]


def test_what_was_not_read_of_posts_is_unknown_and_no_zero(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    first, second = (
        sent(runtime, service, kind=DeliveryKind.POST, people=0, content=text)
        for text in ("Spring.", "Summer.")
    )
    ids = [first.id, second.id]
    assert "Views of posts unknown 0 of 2 posts read · 2 unknown" in words(
        admin.get("/reports").text
    )
    message = runtime.session.query(Message).filter_by(delivery_id=ids[0]).one()
    for name, value in (("views", 200), ("likes", 9), ("replies", 1)):
        runtime.session.add(
            PostMetric(
                message_id=message.id,
                day=runtime.now().date(),
                figure=name,
                value=value,
                read_at=runtime.now(),
            )
        )
    runtime.session.commit()

    said = words(admin.get("/reports").text)

    assert "Views of posts 200 1 of 2 posts read · 1 unknown" in said
    report = words(admin.get(f"/deliveries/{ids[0]}/report").text)
    assert "Reactivity 5 %" in report
    assert "unknown of the views" in words(admin.get(f"/deliveries/{ids[1]}/report").text)


def test_a_post_is_one_still_when_its_message_left(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    delivery = sent(runtime, service, kind=DeliveryKind.POST, people=0, content="Spring.")
    delivery.label = "=1+1"
    runtime.session.execute(delete(Message))
    runtime.session.commit()

    said = words(admin.get("/reports").text)

    assert "Views of posts unknown 0 of 1 posts read · 1 unknown" in said
    assert "Messages and posts sent 1 1 delivery" in said
    sheet = rows(admin.get(f"/reports/deliveries.csv?account={service.id}&zone=Asia/Tokyo").text)
    began = delivery.started_at.astimezone(ZoneInfo("Asia/Tokyo"))
    assert list(sheet[0].values())[1:4] == ["'=1+1", f"{began:%Y-%m-%d %H:%M}", "1"]


def test_what_was_read_of_posts_with_their_account_is_known(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    delivery = sent(runtime, service, kind=DeliveryKind.POST, people=0, content="Spring.")
    message = runtime.session.query(Message).filter_by(delivery_id=delivery.id).one()
    post = {"remote_id": message.remote_id, "figures": {"views": 200, "likes": 10}}
    row = runtime.session.get(Service, service.id)
    row.account, row.account_read_at = {"posts": [post]}, runtime.now()
    runtime.session.commit()

    assert "Views of posts 200 " in words(admin.get("/reports").text)
    assert "Reactivity 5 %" in words(admin.get(f"/deliveries/{delivery.id}/report").text)


def test_a_delivery_tells_its_way_from_the_target_to_a_click(admin: FlaskClient, spring: Delivery):
    page = admin.get(f"/deliveries/{spring.id}/report")

    assert "Clicked 1 25 % 25 %" in words(page.text)
    sheet = rows(admin.get(f"/deliveries/{spring.id}/report/way.csv").text)
    assert [row["Number"] for row in sheet] == ["4", "4", "4", "1"]
    assert f"/deliveries/{spring.id}/report" in admin.get(f"/deliveries/{spring.id}").text


def test_nothing_is_told_of_a_delivery_that_is_not_there(admin: FlaskClient, spring: Delivery):
    assert admin.get("/deliveries/999/report").status_code == 404


@pytest.mark.parametrize("days", ["7", "84", "364"])
def test_other_periods_are_told_in_few_rows(
    admin: FlaskClient, service: Service, spring: Delivery, days: str
):
    sheet = admin.get(f"/reports/messages.csv?days={days}&account={service.id}").text

    assert len(rows(sheet)) <= 14
