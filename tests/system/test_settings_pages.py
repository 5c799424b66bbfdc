"""The settings pages: audit, plugins, system health."""

from datetime import timedelta

from flask.testing import FlaskClient

from tests.factories import make_service
from webapp.kernel.runtime import Runtime
from webapp.system import journal
from webapp.system.journal import PAGE, Query
from webapp.workflows.models import Heartbeat
from webapp.workflows.standstill import SCHEDULER


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
