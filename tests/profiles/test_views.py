"""The pages of profiles: what they say, what they ask, and to whom."""

import io

import pytest
from flask.testing import FlaskClient

from tests.support.deliveries import sent
from tests.support.factories import make_service, make_subscription, make_visitor
from tests.support.fakes import FakeNetwork
from tests.support.profiles import make_profile, shared
from webapp.audience.consents import recording
from webapp.audience.consents.recording import Agreement
from webapp.kernel.runtime import Runtime
from webapp.profiles import own_fields, tags
from webapp.profiles.models import ProfileLink
from webapp.profiles.reconciliation import linking
from webapp.profiles.reconciliation.reconcile import Mode, reconcile
from webapp.profiles.transfer import running

pytestmark = pytest.mark.one_database
URL = "/audience/profiles"


def test_a_profile_is_written_shown_and_found(marketer: FlaskClient, runtime: Runtime):
    town = own_fields.add(runtime, "Town").id
    given = {"first_name": "Ana", "last_name": "Ruiz", "email": "ana@ruiz.example"}

    made = marketer.post(f"{URL}/new", data=given | {"language": "es", f"own_{town}": "Girona"})
    shown = marketer.get(made.location).text

    for said in ("Ana Ruiz", "Not reachable", "ana@ruiz.example", "Spanish", "Girona"):
        assert said in shown
    assert "Ana Ruiz" in marketer.get(f"{URL}?q=rui").text
    assert "Nobody matches" in marketer.get(f"{URL}?q=nobody").text


def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(marketer: FlaskClient):
    answer = marketer.post(f"{URL}/new", data={"first_name": "Ana", "birth_date": "never"})

    assert answer.status_code == 422
    assert "This is no day in the past" in answer.text
    assert 'value="never"' in answer.text


def test_the_page_says_by_which_accounts_and_why_not_by_others(
    marketer: FlaskClient, runtime: Runtime
):
    profile = make_profile(runtime)
    visitor = make_visitor(runtime, handle="ana_ruiz", follower_count=9_120)
    make_subscription(runtime, make_service(runtime, internal_name="ateliernord"), visitor)
    quiet = make_service(runtime, internal_name="atelierquiet")
    make_subscription(runtime, quiet, visitor, wrote_first_at=None)
    linking.link(runtime, visitor.id, profile.id, "told me in the shop")

    shown = marketer.get(f"{URL}/{profile.id}").text

    assert "Reachable by @ateliernord" in shown
    for said in ("@ana_ruiz", "9,120", "told me in the shop", "Wrote first", "Never asked"):
        assert said in shown


def test_who_has_the_same_name_is_asked_about_on_both_pages(
    marketer: FlaskClient, runtime: Runtime
):
    profile, visitor = make_profile(runtime), make_visitor(runtime, name="Ana Ruiz")
    runtime.session.commit()
    card = f"/audience/visitors/{visitor.id}"
    assert "A name alone never links" in marketer.get(f"{URL}/{profile.id}").text
    assert "A name alone never links" in marketer.get(card).text

    answer = marketer.post(f"{URL}/{profile.id}/visitors/{visitor.id}/link", data={"next": card})

    assert answer.location == card
    assert "A name alone" not in marketer.get(card).text
    assert runtime.session.get_one(ProfileLink, visitor.id).profile_id == profile.id


def test_a_button_leads_to_no_other_site(marketer: FlaskClient, runtime: Runtime):
    profile, visitor = make_profile(runtime), make_visitor(runtime)
    runtime.session.commit()

    answer = marketer.post(
        f"{URL}/{profile.id}/visitors/{visitor.id}/link", data={"next": "//evil.example"}
    )

    assert answer.location == f"{URL}/{profile.id}"


def test_what_waits_is_shown_and_made_a_profile(marketer: FlaskClient, runtime: Runtime):
    visitor_id = make_visitor(runtime, handle="ana_ruiz").id
    reconcile(runtime, visitor_id, shared(Mode.MANUAL, email="ana@ruiz.example"))

    shown = marketer.get(f"{URL}/who-is-who").text
    made = marketer.post(f"{URL}/visitors/{visitor_id}/make")

    assert "ana@ruiz.example" in shown
    assert "The page leaves it to you" in shown
    assert "ana@ruiz.example" in marketer.get(made.location).text


def test_the_list_is_a_file_and_its_address_keeps_what_was_asked(
    marketer: FlaskClient, runtime: Runtime
):
    ana, bo = make_profile(runtime), make_profile(runtime, first_name="=1+1", phone="+34 972 1234")
    tags.add(runtime, bo.id, "Fair")
    tag_id, first = tags.every(runtime)[0].id, ana.first_name
    runtime.session.commit()

    page = marketer.get(f"{URL}?tag={tag_id}").text
    sheet = marketer.get(f"{URL}.csv?tag={tag_id}").text

    assert f"{URL}.csv?tag={tag_id}" in page
    assert first not in sheet
    assert "'=1+1,Ruiz,,'+34 972 1234" in sheet


def test_a_file_is_brought_read_and_taken_in(marketer: FlaskClient, runtime: Runtime):
    sheet = io.BytesIO("Vorname;E-Mail\nAna;ana@ruiz.example\nBo;broken\n".encode("cp1252"))
    runtime.session.commit()

    brought = marketer.post(f"{URL}/imports", data={"file": (sheet, "fair.csv")}).location
    refused = marketer.post(f"{brought}/mapping", data={"column_0": "email", "column_1": "email"})
    mapping = {"column_0": "first_name", "column_1": "email", "dates": "iso", "known": "fill"}
    marketer.post(f"{brought}/mapping", data=mapping)
    preview = marketer.get(brought).text
    marketer.post(f"{brought}/start")
    moving = marketer.get(brought).text
    running.go_on(runtime, int(brought.rpartition("/")[2]))
    runtime.session.commit()
    done = marketer.get(brought).text

    assert refused.status_code == 422
    assert "Another column is this field already." in refused.text
    for said in ("Import 2 rows", "Not read", "This is no e-mail address."):
        assert said in preview
    assert "0 of 2 rows are dealt with" in moving
    assert "every 2s" in moving
    assert "every 2s" not in done
    assert "ana@ruiz.example" in marketer.get(f"{URL}?q=ana").text
    faults = marketer.get(f"{brought}/faults.csv").text
    assert "3,E-mail,This is no e-mail address." in faults


def test_what_is_no_file_of_profiles_is_refused_beside_it(marketer: FlaskClient):
    for content in (b"", b"\x00PK"):
        data = {"file": (io.BytesIO(content), "x.csv")}
        assert marketer.post(f"{URL}/imports", data=data).status_code == 422


def test_the_page_tells_what_was_agreed_to_and_what_was_sent(
    marketer: FlaskClient, runtime: Runtime, network: FakeNetwork
):
    service = make_service(runtime, internal_name="ateliernord")
    profile = make_profile(runtime)
    tie = make_subscription(runtime, service)
    linking.link(runtime, tie.visitor_id, profile.id)
    recording.record_opt_in(runtime, tie.id, Agreement(proof="A card", purpose="News"))
    sent(runtime, service, people=0)

    shown = marketer.get(f"{URL}/{profile.id}").text

    for said in ("Direct messages from @ateliernord", "A card", "Spring", "Sent"):
        assert said in shown


def test_profiles_are_found_from_anywhere(marketer: FlaskClient, runtime: Runtime):
    make_profile(runtime, email="ana@ruiz.example")
    runtime.session.commit()

    for words in ("rui", "ana@ruiz"):
        assert "ana@ruiz.example" in marketer.get(f"/search?q={words}").text
