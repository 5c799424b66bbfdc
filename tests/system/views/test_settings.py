"""The settings pages: audit, plugins, system health."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from channels.clock import FileClock
from tests.support.factories import make_service
from webapp.kernel.background.availability import SCHEDULER
from webapp.kernel.background.models import Heartbeat
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.system.audit import journal
from webapp.system.audit.journal import PAGE, Query
from webapp.system.web import about


def entries(runtime: Runtime, number: int, action: str = "service.change") -> None:
    service = make_service(runtime)
    for _entry in range(number):
        runtime.record(action, service)
    runtime.session.commit()


def test_the_audit_is_narrowed_by_who_what_and_when(runtime: Runtime, admin: FlaskClient):
    entries(runtime, 1, "service.change")
    entries(runtime, 1, "service.remove")

    found = journal.search(runtime, Query(actor="test", action="service.remove", days=1)).entries
    page = admin.get("/settings/audit?who=test&what=service.remove&when=1").text

    assert [item.action for item in found] == ["service.remove"]
    assert "<td>Disconnected the account</td>" in page
    assert "<td>Changed the settings</td>" not in page


def test_the_audit_forgets_nothing_older_than_asked_for(runtime: Runtime):
    entries(runtime, 1)
    entry = journal.search(runtime, Query(action="service.change")).entries[0]
    entry.at = runtime.now() - timedelta(days=8)
    runtime.session.commit()

    assert not journal.search(runtime, Query(action="service.change", days=7)).entries
    assert journal.search(runtime, Query(action="service.change", days=30)).entries


def test_the_audit_is_paged_by_key_and_keeps_its_filter(runtime: Runtime, admin: FlaskClient):
    entries(runtime, PAGE + 1)
    first = journal.search(runtime, Query(action="service.change"))

    rest = journal.search(runtime, Query(action="service.change", before=first.older))
    page = admin.get("/settings/audit?what=service.change").text

    assert (len(first.entries), len(rest.entries)) == (PAGE, 1)
    assert f"before={first.older}&amp;what=service.change" in page


def test_a_wrong_filter_is_passed_over(admin: FlaskClient):
    assert admin.get("/settings/audit?when=soon&before=x").status_code == 200


def test_the_filters_offer_who_acted_and_how(runtime: Runtime):
    entries(runtime, 2)

    offered = journal.choices(runtime)

    assert offered.actors == ["test"]
    assert offered.actions == [("service.change", "Changed the settings")]


def test_plugins_show_what_they_bring(admin: FlaskClient):
    page = admin.get("/settings/plugins").text

    assert "direct messages" in page
    assert "no service yet," in page


def test_health_names_what_a_silent_part_holds_up_and_since_when(
    runtime: Runtime, admin: FlaskClient
):
    silent = runtime.clock.system() - timedelta(minutes=6)
    runtime.session.add(Heartbeat(process=SCHEDULER, seen_at=silent, held_by="this test"))
    runtime.session.commit()

    page = admin.get("/settings/health").text

    assert "6 min" in page
    assert "Start it with ./run scheduler." in page
    assert "Begins what is due" in page


def test_settings_open_with_what_can_be_set_and_nobody_is_shown_what_they_may_not(
    admin: FlaskClient, client_as: Callable[[Role], FlaskClient]
):
    page, viewer = admin.get("/settings").text, client_as(Role.VIEWER).get("/settings").text

    for title in ("What can be set", "This instance", "Words that end messages", "Europe/Paris"):
        assert title in page
    assert 'href="/settings/audit"' in page
    assert 'href="/settings/audit"' not in viewer
    assert 'href="/profile"' in viewer


def test_one_language_is_no_choice(admin: FlaskClient):
    assert 'title="Language"' not in admin.get("/settings").text


@pytest.mark.parametrize(
    ("hours", "said"), [(7, "Demo time, 7 h ahead"), (-30, "Demo time, 1 day 6 h behind")]
)
def test_a_clock_that_was_moved_is_said_on_every_page(
    runtime: Runtime, clock: FileClock, hours: int, said: str
):
    # A few seconds more: the machine's own clock goes on meanwhile.
    more = timedelta(seconds=40 if hours > 0 else -40)
    clock.set(runtime.clock.system() + timedelta(hours=hours) + more, rate=0)

    assert about.demo_time(runtime) == said


def test_a_true_clock_is_not_called_one_of_a_demo(runtime: Runtime):
    true = replace(runtime, settings=replace(runtime.settings, clock=""))

    assert about.demo_time(true) == ""
