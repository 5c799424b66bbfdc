"""A file of answers is brought in the browser, looked at, and taken in by a worker."""

from io import BytesIO

from flask.testing import FlaskClient

from tests.support.factories import make_service, make_subscription, make_visitor
from webapp.audience.consent_files import running
from webapp.audience.consents import recording
from webapp.audience.consents.recording import Agreement
from webapp.audience.consents.wordings import Wording
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime

PAGE = "/audience/consents"
ROWS = "Id,Answer,Date,Wording,Proof\n7,yes,2026-10-01,News,Stand 7\n8,maybe,,,\n"


def bring(client: FlaskClient, text: str) -> str:
    data = {"file": (BytesIO(text.encode()), "fair.csv")}
    return client.post(PAGE, data=data).location


def test_the_way_of_a_file_from_the_browser_to_the_card(marketer: FlaskClient, runtime: Runtime):
    service = make_service(runtime, internal_name="ateliernord")
    ana = make_visitor(runtime, remote_id="7", name="Ana Ruiz").id
    runtime.session.commit()
    file = bring(marketer, ROWS)
    columns = {"column_0": "network_id", "column_1": "answer", "column_2": "date"}
    more = {"column_3": "wording", "column_4": "proof", "account": str(service.id), "dates": "iso"}

    lacks = marketer.post(f"{file}/mapping", data=columns | more | {"account": ""})
    assert (lacks.status_code, "Say which account" in lacks.text) == (422, True)
    assert marketer.post(f"{file}/mapping", data=columns | more).status_code == 303
    shown = marketer.get(file).text
    assert "It says neither yes nor no." in shown
    assert marketer.post(f"{file}/start").status_code == 303
    assert 'hx-trigger="every 2s"' in marketer.get(file).text

    db.session.rollback()
    running.go_on(runtime, int(file.rpartition("/")[2]))
    runtime.session.commit()

    over = marketer.get(file).text
    assert "Rows that were not taken in" in over
    assert (
        "3,Answer: yes or no,It says neither yes nor no." in marketer.get(f"{file}/faults.csv").text
    )
    card = marketer.get(f"/audience/visitors/{ana}").text
    assert "in a file, brought by" in card
    sheet = marketer.get(f"/audience/visitors/{ana}/consents.csv").text
    assert "ateliernord,'7," in sheet or "ateliernord,7," in sheet
    assert "opt_in,messages," in sheet


def test_what_is_no_file_is_said_beside_the_field(marketer: FlaskClient):
    answer = marketer.post(PAGE, data={"file": (BytesIO(b"\0\0"), "x.bin")})

    assert answer.status_code == 422
    assert "It is no text: save it as CSV." in answer.text
    assert "Choose a file." in marketer.post(PAGE, data={}).text


def test_a_file_that_this_product_wrote_is_read_again(marketer: FlaskClient, runtime: Runtime):
    service = make_service(runtime, internal_name="ateliernord")
    wording = Wording(text="News", version="3", language="en")
    agreed = Agreement(proof="=Stand 7", purpose="News", wording=wording)
    recording.record_opt_in(runtime, make_subscription(runtime, service).id, agreed)
    recording.record_stop(runtime, make_subscription(runtime, service).id, note="By phone")
    runtime.session.close()
    with marketer.get("/audience/consents.csv") as answer:
        sheet = answer.text

    file = bring(marketer, sheet)
    shown = marketer.get(file).text

    # What the file cannot say is who wrote first, and who was in doubt: that is no yes and no no.
    assert shown.count("It says neither yes nor no.") == 2
    assert shown.count("Yes</span>") == shown.count("No</span>") == 1
