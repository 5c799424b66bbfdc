"""The suite finds what it is there to find."""

import subprocess
import sys
import time

import pytest

from channels.testing import Answer, ChannelContract, FakeContext, FakeWire, Fault
from channels.testing.calls import CALLS
from channels.testing.watch import Watch
from tests.channels import broken_boards as boards
from tests.example_channel.test_contract import TestNotice as Example

CALL = {item.name: item for item in CALLS}

EVERY_STATUS = "test_a_write_is_unknown_after_every_status_that_refuses_nothing"
ODD_SUCCESS = "test_a_write_is_unknown_after_a_success_that_says_something_else"
BREACHES = [
    (boards.Retrying, "test_a_write_whose_answer_is_lost_is_unknown", "made a request again"),
    (boards.Sleeping, "test_a_call_that_is_answered_ends_well", "slept"),
    (boards.Patient, "test_a_call_that_is_answered_ends_well", "may wait for ever"),
    (boards.LeakingIntoAddress, "test_a_call_that_is_answered_ends_well", "token in a URL"),
    (boards.LeakingIntoLog, "test_a_call_that_is_answered_ends_well", "token in the log"),
    (boards.LeakingIntoError, "test_a_call_that_is_answered_ends_well", "token in what it"),
    (boards.Raising, "test_a_call_that_is_answered_ends_well", "publish raised KeyError"),
    (boards.Optimistic, "test_a_write_whose_answer_is_lost_is_unknown", "temporary, not unknown"),
    (boards.Believing, EVERY_STATUS, "temporary, not unknown, after 503"),
    (boards.Dismissing, EVERY_STATUS, "permanent, not unknown, after 531"),
    (boards.Following, EVERY_STATUS, "one request, no more"),
    (boards.Content, ODD_SUCCESS, "for a success"),
    (boards.Naming, "test_half_of_an_answer_to_a_write_is_the_whole_or_unknown", "for a success"),
    (boards.Curt, "test_a_call_that_is_answered_ends_well", "no sentence for the operator"),
    (boards.Vague, "test_a_call_that_is_answered_ends_well", "says with retry_at"),
    (boards.Guessing, "test_an_answer_that_makes_no_sense_is_no_success", "for a success"),
    (boards.Hasty, "test_what_may_still_arrive_is_not_given_up", "may be held up"),
    (boards.Settling, "test_what_another_attempt_accounts_for_is_not_found_again", "one attempt"),
    (boards.Endless, "test_the_audience_ends_and_repeats_nobody", "cursor stands still"),
    (boards.Repeating, "test_the_audience_ends_and_repeats_nobody", "comes twice"),
    (boards.Agreeable, "test_no_refusal_is_told_as_an_agreement", "No thanks"),
    (boards.Local, "test_connecting_returns_the_live_account", "must be an aware time in UTC"),
    (boards.Loose, "test_posts_are_checked_as_they_are_measured", "is accepted"),
    (boards.Silent, "test_the_doctor_names_a_network_that_cannot_be_reached", "No check says"),
    (boards.Open, "test_the_form_names_every_secret", "is a SecretField"),
    (boards.Open, "test_settings_are_json_without_secrets", "token"),
    (boards.Open, "test_no_field_shows_a_secret_again", "token"),
]


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Watch:
    caplog.set_level("DEBUG")
    context = FakeContext(secrets=Example.secrets, settings=Example.settings)
    watch = Watch(wire=FakeWire(), context=context, logs=caplog)
    watch.wire.install(monkeypatch)
    monkeypatch.setattr(time, "sleep", watch.sleeps.append)
    return watch


@pytest.mark.parametrize(("broken", "rule", "said"), BREACHES)
def test_a_breach_of_the_contract_is_found(watch: Watch, broken: type, rule: str, said: str):
    scripts = Example.scripts
    if broken is boards.Repeating:
        scripts = {**scripts, "audience": scripts["audience"][:1]}

    class Suite(ChannelContract):
        channel = boards.notice(broken())
        secrets, settings = Example.secrets, Example.settings

    Suite.scripts = scripts
    asked = "find_sent" if broken is boards.Guessing else "publish"
    lent = {
        "watch": watch,
        "call": CALL[asked],
        "write": CALL["publish"],
        "sought": CALL["find_sent"],
        "missed": CALL["find_not_sent"],
        "fault": Fault.DROPPED,
        "answer": Answer(json={}),
    }
    function = getattr(Suite, rule)
    names = function.__code__.co_varnames[1 : function.__code__.co_argcount]

    with pytest.raises(AssertionError, match=said):
        function(Suite(), **{name: lent[name] for name in names})


def test_rules_about_a_part_that_is_missing_fall_away():
    class Mute(boards.Notice):
        inbox = directs = posts = None

    class Suite(ChannelContract):
        channel = Mute()

    names = {name for name in dir(Suite) if name.startswith("test_") and getattr(Suite, name)}

    assert "test_the_audience_ends_and_repeats_nobody" in names
    assert not {name for name in names if "inbox" in name or "write" in name or "posts" in name}


def test_a_script_that_is_missing_is_asked_for(watch: Watch):
    class Suite(Example):
        scripts = {}

    with pytest.raises(AssertionError, match=r"Fill in scripts\['publish'\]"):
        Suite().test_a_call_that_is_answered_ends_well(watch, CALL["publish"])


def test_the_contract_is_imported_without_pytest():
    code = "import sys, channels, channels.http; print('pytest' in sys.modules)"

    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False\n"
