"""Words that an instance adds: which are taken, where they are heard, and who may change them."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from channels import Wish
from tests.support.cli import Cli
from tests.support.deliveries import ready
from tests.support.factories import actions, make_service
from tests.support.fakes import FakeNetwork, wrote
from tests.support.sync import subscription
from webapp.audience import consent, own_words
from webapp.audience.inbox import reader
from webapp.kernel.errors import Invalid
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role

URL = "/settings/words"


def words(runtime: Runtime) -> list[tuple[str, str]]:
    return [(row.words, row.meaning) for row in own_words.every(runtime)]


@pytest.mark.parametrize(
    ("said", "meaning", "reason"),
    [
        ("Farewell", Wish.STOP, "wrote_stop"),
        ("FÁREWELL!", Wish.STOP, "wrote_stop"),
        ("A farewell concert, how nice", Wish.STOP, ""),
        ("A farewell concert, how nice", Wish.DOUBT, "in_doubt"),
    ],
)
def test_an_own_word_is_heard_in_what_people_write(
    runtime: Runtime, network: FakeNetwork, said: str, meaning: Wish, reason: str
):
    service = make_service(runtime, inbox_read_at=None)
    own_words.add(runtime, "farewell", meaning)
    network.inbound = [wrote(1, said, runtime.now(), wish=None, who=1)]

    reader.read_new(runtime, service)

    row = subscription(runtime, service, "r1")
    assert consent.reason_not(row, row.visitor) == reason


def test_a_phrase_is_heard_wherever_it_stands(runtime: Runtime):
    own_words.add(runtime, "lass gut sein", Wish.STOP)

    assert own_words.ear(runtime).listener.wish_of("Ach, lass gut sein.") is Wish.STOP


def test_a_text_may_offer_an_own_word(runtime: Runtime):
    own_words.add(runtime, "farewell", Wish.STOP)
    told = {"content": "Hello {first_name}, the hall opens. Reply FAREWELL to end these."}
    delivery = ready(runtime, make_service(runtime), **told)

    codes = {item["code"] for item in delivery.analysis["findings"]}
    assert "opt_out" in codes
    assert "no_opt_out" not in codes


REFUSED = [
    ("", Wish.STOP, "Write a word or a phrase."),
    ("  ", Wish.STOP, "Write a word or a phrase."),
    ("!?", Wish.STOP, "There is no word in this."),
    ("42", Wish.DOUBT, "There is no word in this."),
    ("x", Wish.STOP, "This is too short"),
    ("ab", Wish.DOUBT, "This is too short"),
    ("停", Wish.DOUBT, "This is too short"),
    ("hello", Wish.DOUBT, "This is too common"),
    ("Thank you", Wish.STOP, "This is too common"),
    ("yes", Wish.STOP, "This is too common"),
    ("enough. goodbye", Wish.STOP, "Leave out the marks"),
    ("a" * 61, Wish.STOP, "at most 60 characters"),
    ("ﷺ" * 40, Wish.STOP, "at most 60 characters"),
    ("Unsubscribe", Wish.STOP, "knows “Unsubscribe” already"),
    ("stop", Wish.DOUBT, "knows “stop” already"),
    ("FAREWELL", Wish.DOUBT, "among your own words already"),
]


def test_a_word_that_would_harm_or_is_known_is_refused(runtime: Runtime):
    own_words.add(runtime, "farewell", Wish.STOP)

    for said, meaning, fault in REFUSED:
        with pytest.raises(Invalid) as refused:
            own_words.add(runtime, said, meaning)
        assert fault in refused.value.fields["words"], said

    assert words(runtime) == [("farewell", "stop")]


def test_what_is_in_doubt_by_the_table_may_be_made_a_stop(runtime: Runtime):
    own_words.add(runtime, "not interested", Wish.STOP)

    assert own_words.ear(runtime).listener.wish_of("Sorry, not interested") is Wish.STOP


def test_there_are_not_endlessly_many(runtime: Runtime, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(own_words, "MOST", 1)
    own_words.add(runtime, "farewell", Wish.STOP)

    with pytest.raises(Invalid, match="1 own words already"):
        own_words.add(runtime, "adieu", Wish.STOP)


def test_the_page_adds_and_removes_a_word(runtime: Runtime, admin: FlaskClient):
    assert admin.post(URL, data={"words": "farewell", "meaning": "doubt"}).status_code == 303
    page = admin.get(URL).text
    assert "<bdi>farewell</bdi>" in page
    assert "by Admin" in page

    row_id = own_words.find(runtime, "farewell").id
    runtime.session.rollback()
    assert admin.post(f"{URL}/{row_id}/remove").status_code == 303
    assert words(runtime) == []
    assert [name for name in actions(runtime) if "own_word" in name] == [
        "own_word.add",
        "own_word.remove",
    ]


def test_the_page_tells_a_fault_beside_the_field_and_keeps_what_was_typed(admin: FlaskClient):
    answer = admin.post(URL, data={"words": "hello", "meaning": "doubt"})

    assert answer.status_code == 422
    assert 'id="words-err"' in answer.text
    assert 'value="hello"' in answer.text


def test_the_page_tells_what_is_built_in_and_where_it_comes_from(admin: FlaskClient):
    page = admin.get(URL).text

    assert "English" in page
    assert "47 CFR 64.1200" in page


def test_nobody_else_sees_or_changes_them(
    runtime: Runtime, client_as: Callable[[Role], FlaskClient]
):
    row_id = own_words.add(runtime, "farewell", Wish.STOP).id
    runtime.session.rollback()

    for role in {*Role} - {Role.ADMIN}:
        client = client_as(role)
        assert client.get(URL).status_code == 403
        assert client.post(URL, data={"words": "adieu", "meaning": "stop"}).status_code == 403
        assert client.post(f"{URL}/{row_id}/remove").status_code == 403
        assert URL not in client.get("/settings/health").text
    assert words(runtime) == [("farewell", "stop")]


def test_the_command_line_does_the_same(runtime: Runtime, cli: Cli):
    assert cli("words", "add", "farewell", "--meaning", "doubt").code == 0
    assert "farewell" in cli("words", "list").out
    again = cli("words", "add", "Farewell")
    assert (again.code, "already" in again.err) == (1, True)
    assert cli("words", "remove", "FAREWELL").code == 0
    gone = cli("words", "remove", "farewell")
    assert (gone.code, "none of the words" in gone.err) == (1, True)
