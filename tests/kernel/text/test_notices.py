"""A notice is a sentence to whoever reads it, and a code with values to the database."""

import copy
import pickle
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql

from channels.sentences import Sentence, later
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import formats, notices
from webapp.kernel.text.notices import NOTHING, Notice, NoticeText, Paid

AT = datetime(2026, 12, 1, 4, 5, tzinfo=UTC)
VALUES = st.one_of(st.text(), st.integers())
TEXTS = st.text(min_size=1).map(lambda text: text.replace("%", ""))


@given(st.recursive(VALUES, lambda inner: inner.map(lambda text: Notice("said", text=str(text)))))
def test_what_is_stored_is_read_back(value: object):
    kept = notices.plain(Notice("said", text=value))

    assert notices.plain(notices.read(kept)) == kept
    assert notices.read(kept) == Notice("said", text=value)


def test_a_text_without_a_code_was_said_by_somebody():
    assert notices.of("The network minds.").code == "said"
    assert notices.of("The network minds.") == "The network minds."
    assert notices.of("") is NOTHING
    assert len(notices.of("x" * 9999)) == notices.LONGEST


def test_a_plugins_sentence_keeps_its_source_in_another_sentence():
    kept = notices.plain(notices.of(str(later("X locked this account."))))

    assert kept["values"]["text"] == {"source": "X locked this account.", "values": {}}
    assert isinstance(notices.read(kept).values["text"], Sentence)


def test_a_time_is_told_by_the_readers_clocks(runtime: Runtime, monkeypatch: pytest.MonkeyPatch):
    kept = notices.plain(Notice("finding_past", at=AT))

    assert "Tuesday 1 December 2026, 05:05 CET" in notices.read(kept)
    monkeypatch.setattr(formats, "get_timezone", lambda: "America/Los_Angeles")
    assert "Monday 30 November 2026, 20:05 PST" in notices.read(kept)


def test_money_and_numbers_are_written_as_everywhere(runtime: Runtime):
    dear = Notice(
        "finding_over_budget",
        name="north",
        cost=Paid(Decimal(1200), "fake"),
        left=Paid(Decimal("0.5"), ""),
    )

    assert "$1,200.00" in dear
    assert "$0.50" in dear
    assert Notice("finding_length", used=1200, limit=10_000) == "Length: 1,200 of 10,000"
    assert "1 person" in Notice("finding_everyone", num=1)
    assert "2 people" in Notice("finding_everyone", num=2)


def test_several_notices_are_said_one_after_the_other():
    assert notices.together("One.", "", "Two.") == "One. Two."
    assert notices.together("", "Two.").code == "said"


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))]
)
def test_a_copy_knows_its_code(again):
    for made in (Notice("said", text="Hi"), Sentence("Hi %(name)s", name="Mia")):
        assert again(made) == made
        assert notices.plain(again(made)) == notices.plain(made)


def test_a_code_that_nobody_knows_any_more_stands_for_itself():
    assert notices.read({"code": "of_a_later_version", "values": {}}) == "of_a_later_version"


def test_a_code_means_one_thing():
    with pytest.raises(ValueError, match="declared twice: bug"):
        notices.declare({"bug": "Something else"})
    with pytest.raises(KeyError):
        Notice("nobody_declared_this")


def test_half_a_character_that_a_network_said_keeps_nothing_from_being_stored():
    stored = NoticeText().process_bind_param(notices.of("No \ud83d box"), postgresql.dialect())

    assert stored is not None
    assert NoticeText().process_result_value(stored, postgresql.dialect()) == "No ? box"
