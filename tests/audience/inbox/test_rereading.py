"""Messages kept before are read again by the words of today; nothing heard is taken back."""

from datetime import timedelta

import pytest

from channels import Wish
from tests.support.cli import Cli
from tests.support.factories import actions, answer, make_service, make_subscription, make_visitor
from webapp.audience import consent, doubts, own_words
from webapp.audience.consents import hearing, history
from webapp.audience.consents.state import in_force
from webapp.audience.inbox import rereading
from webapp.audience.models import ReceivedMessage, Subscription
from webapp.kernel.runtime import Runtime
from webapp.system.processes.scheduler import tick


@pytest.fixture
def tie(runtime: Runtime) -> Subscription:
    """Ana, who wrote to an account by the words of an older version."""
    service, ana = make_service(runtime), make_visitor(runtime)
    return make_subscription(runtime, service, ana, wrote_first_at=None)


def kept(
    runtime: Runtime, tie: Subscription, text: str, *, hours_ago: int = 0, **values: object
) -> ReceivedMessage:
    """A message that an older table read, and took for a first word."""
    at = runtime.now() - timedelta(hours=hours_ago)
    note = ReceivedMessage(
        **{
            "service_id": tie.service_id,
            "visitor_id": tie.visitor_id,
            "remote_id": f"m{hours_ago}",
            "text": text,
            "received_at": at,
            "read_at": at,
        }
        | values
    )
    runtime.session.add(note)
    if values.get("wish") == "doubt":
        hearing.hear_doubt(runtime, tie, note)
    elif values.get("wish") == "opt_in":
        hearing.hear_opt_in(runtime, tie, note)
    else:
        hearing.first_word(runtime, tie, note)
    runtime.session.commit()
    return note


def gate(tie: Subscription) -> str:
    return consent.reason_not(tie, tie.visitor)


def test_who_once_wrote_leave_me_alone_is_messaged_no_more(runtime: Runtime, tie: Subscription):
    note = kept(runtime, tie, "Leave me alone")
    assert gate(tie) == ""

    assert rereading.read_all(runtime) == 1

    assert (gate(tie), note.wish, tie.wrote_first_at) == ("wrote_stop", "stop", None)
    assert actions(runtime) == ["subscription.hear_stop"]


def test_what_looks_like_a_refusal_is_asked_about_and_a_later_word_is_the_first(
    runtime: Runtime, tie: Subscription
):
    kept(runtime, tie, "Not interested", hours_ago=2)
    later = kept(runtime, tie, "When do you open?", hours_ago=1)

    rereading.read_all(runtime)

    assert (gate(tie), tie.wrote_first_at) == ("in_doubt", later.received_at)
    assert [found.note.text for found in doubts.waiting(runtime, 8)] == ["Not interested"]


def test_an_agreement_that_was_none_is_taken_back(runtime: Runtime, tie: Subscription):
    note = kept(runtime, tie, "No thanks", wish="opt_in")
    assert tie.opted_in_at == note.received_at

    rereading.read_all(runtime)

    assert (gate(tie), tie.opted_in_at) == ("in_doubt", None)


def test_a_later_agreement_still_stands(runtime: Runtime, tie: Subscription):
    kept(runtime, tie, "Leave me alone", hours_ago=2)
    answer(runtime, tie, opted_in_at=runtime.now())
    runtime.session.commit()

    rereading.read_all(runtime)

    assert gate(tie) == ""


def test_what_an_operator_decided_is_not_asked_again(runtime: Runtime, tie: Subscription):
    note = kept(runtime, tie, "Not interested", wish="doubt")
    doubts.settle(runtime, tie.id, note.id, is_stop=False)
    own_words.add(runtime, "not interested", Wish.STOP)

    assert rereading.read_all(runtime) == 0

    assert (gate(tie), note.wish) == ("", "doubt")


def test_an_own_word_is_heard_in_older_messages_at_the_next_tick(
    runtime: Runtime, tie: Subscription
):
    kept(runtime, tie, "A farewell to you")
    rereading.read_all(runtime)
    assert gate(tie) == ""

    row_id = own_words.add(runtime, "farewell", Wish.DOUBT).id
    tick(runtime, "here")
    assert gate(tie) == "in_doubt"

    own_words.remove(runtime, row_id)
    tick(runtime, "here")
    assert gate(tie) == "in_doubt"


def test_it_goes_set_by_set_and_on_where_it_was(
    runtime: Runtime, tie: Subscription, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rereading, "SET", 2)
    for hours_ago in range(5):
        kept(runtime, tie, "Hello", hours_ago=hours_ago)

    assert [rereading.read_set(runtime) for _set in range(4)] == [2, 2, 1, 0]


def test_an_upgrade_reads_them_and_tells_how_many(runtime: Runtime, tie: Subscription, cli: Cli):
    kept(runtime, tie, "Leave me alone")

    assert '"refusals": 1' in cli("db", "upgrade", "--json").out
    runtime.session.refresh(tie)
    assert gate(tie) == "wrote_stop"


def test_the_word_that_takes_the_place_of_the_first_is_proved_too(
    runtime: Runtime, tie: Subscription
):
    kept(runtime, tie, "Not interested", hours_ago=2)
    later = kept(runtime, tie, "When do you open?", hours_ago=1)

    rereading.read_all(runtime)

    rows = in_force(history.of_person(runtime, tie.visitor))
    assert [(row.reference, row.answer) for row in rows] == [
        (later.remote_id, "wrote_first"),
        ("m2", "doubt"),
    ]
