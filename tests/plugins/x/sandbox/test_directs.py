import pytest

from tests.plugins.x.sandbox.running import IDS, Caller, RunningSandbox


def test_a_message_is_accepted_and_read_back(sandbox: RunningSandbox, brand: Caller):
    person = sandbox.someone("accepts")

    sent = brand.write_to(person, "Hello there")
    data = sent.json()["data"]
    events = brand.get(f"/2/dm_conversations/with/{person}/dm_events").json()["data"]

    assert sent.status_code == 201
    assert events[0] == {
        "id": data["dm_event_id"],
        "text": "Hello there",
        "event_type": "MessageCreate",
    }
    assert sandbox.accepted("direct", recipient_id=person, text="Hello there") == 1


def test_a_conversation_is_named_for_both(sandbox: RunningSandbox, brand: Caller):
    person = sandbox.someone("accepts")

    name = brand.write_to(person).json()["data"]["dm_conversation_id"]

    assert name == "-".join(sorted((person, IDS["ateliernord"]), key=int))


def test_a_person_who_refuses_is_not_written_to(sandbox: RunningSandbox, brand: Caller):
    answer = brand.write_to(sandbox.someone("refuses"))

    assert answer.status_code == 403
    assert answer.json()["detail"] == "You do not have permission to DM one or more participants."
    assert sandbox.accepted("direct") == 0


def test_who_wrote_first_is_written_to(sandbox: RunningSandbox, brand: Caller):
    person = sandbox.someone("refuses")

    sandbox.tell("write", account="ateliernord", text="Hello", **{"from": person})

    assert brand.write_to(person).status_code == 201


def test_a_suspended_person_is_not_written_to(sandbox: RunningSandbox, brand: Caller):
    person = sandbox.someone("wrote")
    sandbox.tell("suspend", who=person)

    answer = brand.write_to(person)

    assert answer.status_code == 403
    assert answer.json()["detail"] == f"User has been suspended: [{person}]."


def test_nobody_is_not_written_to(brand: Caller):
    answer = brand.write_to("12")

    assert answer.status_code == 404
    assert answer.json()["type"].endswith("resource-not-found")


def test_an_account_does_not_write_to_itself(brand: Caller):
    assert brand.write_to(IDS["ateliernord"]).status_code == 400


def test_the_brand_writes_to_the_account_that_proofs_go_to(brand: Caller, shop: Caller):
    assert brand.write_to(IDS["atelier_proof"], "Proof").status_code == 201
    assert brand.write_to(IDS["atelier_shop"], "Proof").status_code == 403


@pytest.mark.parametrize(("length", "status"), [(0, 400), (1, 201), (10_000, 201), (10_001, 400)])
def test_a_message_holds_up_to_ten_thousand_characters(
    sandbox: RunningSandbox, brand: Caller, length: int, status: int
):
    assert brand.write_to(sandbox.someone("accepts"), "a" * length).status_code == status


def test_what_people_wrote_first_is_there_with_who_they_are(sandbox: RunningSandbox, brand: Caller):
    params = {"event_types": "MessageCreate", "expansions": "sender_id",
              "dm_event.fields": "id,text,event_type,created_at,dm_conversation_id"}  # fmt: skip

    answer = brand.get("/2/dm_events", params=params).json()
    senders = {event["sender_id"] for event in answer["data"]}

    assert len(senders) > 25
    assert {user["id"] for user in answer["includes"]["users"]} <= senders
    assert answer["data"] == sorted(answer["data"], key=lambda event: -int(event["id"]))
    assert {event["text"] for event in answer["data"]} & {"YES", "START"}


def test_the_pages_of_messages_hold_each_once(brand: Caller):
    pages = list(brand.pages("/2/dm_events", max_results=7))
    ids = [event["id"] for page in pages for event in page["data"]]

    assert len(ids) == len(set(ids)) == len(brand.get("/2/dm_events").json()["data"])


def test_messages_older_than_thirty_days_are_not_listed(sandbox: RunningSandbox, brand: Caller):
    sandbox.advance(days=31)

    assert brand.get("/2/dm_events").json() == {"meta": {"result_count": 0}}


def test_a_person_may_write_stop(sandbox: RunningSandbox, brand: Caller):
    person = sandbox.someone("follows")
    sandbox.tell("write", account="ateliernord", text="STOP", **{"from": person})

    newest = brand.get("/2/dm_events", params={"expansions": "sender_id"}).json()["data"][0]

    assert (newest["sender_id"], newest["text"]) == (person, "STOP")


def test_some_opted_in_and_some_said_stop(sandbox: RunningSandbox):
    assert len(sandbox.ask("people", kind="opted_in", limit=500)["people"]) > 4
    assert len(sandbox.ask("people", kind="stopped", limit=500)["people"]) == 1


def test_people_who_come_later_write_as_well(sandbox: RunningSandbox):
    before = len(sandbox.ask("people", kind="wrote", limit=500)["people"])

    sandbox.tell("audience", account="ateliernord", followers=1_000)

    assert len(sandbox.ask("people", kind="wrote", limit=500)["people"]) > before + 20
