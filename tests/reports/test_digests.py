"""The weekly report by mail: to whoever asked, once for each week, whatever happens meanwhile."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from channels.clock import FileClock
from tests.support.factories import make_service
from tests.support.mailbox import Mailbox, mailbox
from webapp.kernel.config.settings import Settings
from webapp.kernel.mail import MailFault
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Operator
from webapp.reports import digests, report
from webapp.reports.asked import Asked
from webapp.reports.models import ReportDigest
from webapp.reports.sections import Stat
from webapp.reports.tasks import SEND_REPORTS, step
from webapp.services.models import Service
from webapp.system.setup import defaults
from webapp.workflows import control, runs
from webapp.workflows.models import Run, RunState, Workflow, WorkflowState

WEEK = timedelta(days=7)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as found:
        yield found


@pytest.fixture
def settings(settings: Settings, box: Mailbox) -> Settings:
    url = f"smtp://127.0.0.1:{box.port}"
    return replace(settings, mail_url=url, mail_from="fanfare@shop.example")


def send(runtime: Runtime) -> Run:
    runtime.session.rollback()
    workflow = runtime.session.scalars(select(Workflow).where(Workflow.job == SEND_REPORTS)).one()
    run = control.run_now(runtime, workflow.id)
    runs.go_on(runtime, run.id, step)
    runtime.session.expire_all()
    return run


def ask(runtime: Runtime, admin: FlaskClient, service: Service, wanted: str = "yes") -> None:
    number = service.id
    runtime.session.rollback()
    assert admin.post(f"/reports/{number}/mail", data={"wanted": wanted}).status_code == 303


def test_a_week_is_sent_once_to_whoever_asked_and_the_next_one_again(
    runtime: Runtime, clock: FileClock, admin: FlaskClient, service: Service, box: Mailbox
):
    defaults.ensure(runtime)
    ask(runtime, admin, service)
    for _number in range(2):
        assert send(runtime).state is RunState.DONE
    assert len(box.mails) == 1
    clock.advance(WEEK)
    send(runtime)
    ask(runtime, admin, service, "no")
    clock.advance(WEEK)
    send(runtime)

    first, second = box.mails
    assert first["To"] == runtime.session.scalars(select(Operator.email)).first()
    assert "the week from 16 Nov 2026" in first["Subject"]
    assert "the week from 23 Nov 2026" in second["Subject"]
    text = first.get_content()
    assert "Subscribers: " in text
    assert "from=2026-11-16&to=2026-11-22" in text


def test_what_was_refused_is_sent_later_and_what_may_have_arrived_never_again(
    runtime: Runtime, admin: FlaskClient, service: Service, box: Mailbox
):
    defaults.ensure(runtime)
    ask(runtime, admin, service)
    box.after_data = b"554 no"
    assert send(runtime).state is RunState.FAILED
    assert runtime.session.scalars(select(ReportDigest.week)).one() is None
    box.after_data = None
    assert send(runtime).state is RunState.FAILED
    box.after_data = b"250 Taken"

    assert send(runtime).state is RunState.DONE
    assert len(box.mails) == 2


def test_monday_is_that_of_whoever_gets_it(
    runtime: Runtime, clock: FileClock, admin: FlaskClient, service: Service, box: Mailbox
):
    defaults.ensure(runtime)
    ask(runtime, admin, service)
    runtime.session.scalars(select(Operator)).one().time_zone = "America/Los_Angeles"
    runtime.session.commit()
    # In Paris it is Monday, and in Los Angeles still Sunday, then early Monday, then eight.
    for hours, mails in ((0, 0), (8, 0), (9, 1), (20, 1)):
        clock.set(datetime(2026, 11, 30, 7, tzinfo=UTC) + timedelta(hours=hours))
        send(runtime)
        assert len(box.mails) == mails
    assert "the week from 23 Nov 2026" in box.mails[0]["Subject"]


def test_of_two_that_would_send_a_week_one_does(
    runtime: Runtime, admin: FlaskClient, service: Service
):
    ask(runtime, admin, service)
    row = runtime.session.scalars(select(ReportDigest)).one()
    key = (row.operator_id, row.service_id)
    period = digests.week_before(runtime, row.operator)

    assert [digests.claim(runtime, key, period) for _worker in range(2)] == [True, False]


def test_who_ends_it_while_it_is_refused_ends_no_run(
    runtime: Runtime, admin: FlaskClient, service: Service, monkeypatch: pytest.MonkeyPatch
):
    defaults.ensure(runtime)
    ask(runtime, admin, service)

    def refused(*_given: object) -> None:
        runtime.session.execute(delete(ReportDigest))
        runtime.session.commit()
        raise MailFault("No.")

    monkeypatch.setattr("webapp.kernel.mail.send", refused)

    assert send(runtime).reason.code == "reports_failed"


def test_a_report_that_cannot_be_made_keeps_no_other_one(
    runtime: Runtime,
    admin: FlaskClient,
    service: Service,
    box: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
):
    defaults.ensure(runtime)
    ask(runtime, admin, service)
    other = make_service(runtime, internal_name="other")
    ask(runtime, admin, other)
    real, broken = report.figures, service.id

    def figures(runtime: Runtime, service: Service, asked: Asked) -> Sequence[Stat]:
        assert service.id != broken
        return real(runtime, service, asked)

    monkeypatch.setattr(report, "figures", figures)

    assert send(runtime).state is RunState.FAILED
    assert len(box.mails) == 1


def test_the_workflow_is_stopped_at_first(runtime: Runtime):
    defaults.ensure(runtime)

    found = runtime.session.scalars(select(Workflow).where(Workflow.job == SEND_REPORTS)).one()
    assert found.state is WorkflowState.STOPPED


def test_the_settings_tell_the_server_without_its_password_and_send_a_test(
    admin: FlaskClient, box: Mailbox
):
    page = admin.get("/settings/mail").text
    assert f"127.0.0.1:{box.port}" in page
    answer = admin.post("/settings/mail/test", follow_redirects=True)

    assert "The mail server took a test" in answer.text
    assert box.mails[0]["Subject"] == "A test of Fanfare"
    box.after_data = b"554 no"
    refused = admin.post("/settings/mail/test", follow_redirects=True)
    assert "The mail server refused the mail." in refused.text
