"""The suite finds what once went unseen in channels that passed it."""

import sys
import time
from datetime import timedelta
from types import ModuleType

import pytest
from flask import request

from channels import ChannelWorkflow, hookimpl
from channels.testing import Answer, ChannelContract, FakeContext, FakeWire, Fault
from channels.testing.calls import CALLS, LETTERS
from channels.testing.steps import brought_with, steps
from channels.testing.watch import Watch
from tests.channels import careless_boards as boards
from tests.channels import careless_steps as careless
from tests.channels import untimely_boards as untimely
from tests.channels.broken_boards import notice
from tests.example_channel.fanfare_notice import Board, Letters, Notice
from tests.example_channel.test_contract import TestNotice as Example

CALL = {item.name: item for item in CALLS}
NEVER_SENT = "test_what_was_never_sent_is_known_not_to_be"
STILL = "test_what_may_still_arrive_is_not_given_up"
CHECKED = "test_posts_are_checked_as_they_are_measured"
NO_PROOF = "test_older_things_and_other_words_settle_nothing"
THREAD = "test_a_part_of_a_thread_names_the_part_before_it"
ONE_ID = "test_two_things_never_share_an_id"
PUBLIC = "test_a_message_goes_to_no_public_place"
OWN = "test_the_accounts_own_messages_are_told_apart"
PAST = "test_what_was_written_lies_in_the_past"
SPENT = "test_a_spent_limit_says_when_to_come_back"
WELL = "test_a_call_that_is_answered_ends_well"
REACHES = "test_what_is_written_reaches_the_network"
GAPS = [
    (boards.Assuming, NEVER_SENT, "missed", "find_not_sent_post", "does not show it"),
    (untimely.Procrastinating, STILL, "missed", "find_not_sent", "Are milliseconds taken for"),
    (untimely.Nagging, STILL, "missed", "find_not_sent", "ask_at lies in the past"),
    (boards.Skimming, CHECKED, "write", "publish", "second part of a thread"),
    (boards.Overlooking, "test_a_message_to_somebody_else_settles_nothing", "sought", "find_sent",
     "The same words go to many people"),
    (boards.Timeless, NO_PROOF, "sought", "find_sent", "compare words and time"),
    (boards.Wordless, NO_PROOF, "sought", "find_sent", "compare words and time"),
    (boards.Renaming, "test_what_is_found_has_an_id_of_the_same_form", "sought", "find_sent",
     "letter-"),
    (boards.Unthreading, THREAD, "write", "publish", "the thread falls apart"),
    (boards.Numbing, ONE_ID, "create", "publish", "everything the id 1"),
    (boards.NumbingLetters, ONE_ID, "create", "send", "everything the id 1001"),
    (boards.Clashing, "test_posts_and_messages_share_no_id", "letter", "send", "have one id"),
    (boards.Murmuring, REACHES, "create", "publish", "whatever is to be sent"),
    (boards.Sweeping, "test_the_post_that_is_taken_back_is_named", "write", "delete",
     "whatever is to be taken back"),
    (boards.Shouting, PUBLIC, "letter", "send", "everybody reads the message"),
    (boards.Mentioning, PUBLIC, "letter", "send", "everybody reads the message"),
    (boards.Nameless, "test_a_message_names_whom_it_is_for", "write", "send", "names nobody"),
    (boards.Secretive, OWN, "read", "inbox", "left out without a trace"),
    (boards.Answering, OWN, "read", "inbox", "are no inbox"),
    (untimely.Ancient, PAST, "read", "inbox", "seconds for milliseconds"),
    (untimely.Archaic, PAST, "read", "connect", "seconds for milliseconds"),
    (untimely.Futuristic, PAST, "read", "connect", "milliseconds taken for seconds"),
    (untimely.Resting, SPENT, "call", "publish", "waits for 10 days"),
    (untimely.Restless, SPENT, "call", "publish", "waits for 0:00:00.9"),
    (untimely.Observing, WELL, "call", "publish", "later than a whole window"),
    (untimely.Waiting, WELL, "call", "publish", "A timeout is in seconds"),
]  # fmt: skip
GOOD = [
    (boards.Refusing, THREAD, "write", "publish"),
    (boards.Whispering, PUBLIC, "letter", "send"),
    (Board, THREAD, "write", "publish"),
    (Letters, PUBLIC, "letter", "send"),
]
TIDIED = [Answer(json={"next": "2", "done": 3}), Answer(json={"next": None, "done": 1})]
ONE_CALL = "test_each_step_makes_one_call_at_most"
STEPS = [
    (careless.tidy_all, ONE_CALL, "makes 2 calls"),
    (careless.tidy_for_ever, ONE_CALL, "stands still"),
    (careless.tidy_blindly, "test_a_step_that_is_lost_says_so", "took a lost call"),
    (careless.tidy_blindly, "test_a_step_that_fails_is_no_success", "for a success"),
    (careless.tidy_blindly, "test_a_step_names_refused_keys_and_spent_limits", "returned StepR"),
    (lambda context: None, "test_a_workflow_has_the_shape_of_the_contract", "context, cursor"),
]


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Watch:
    context = FakeContext(secrets=Example.secrets, settings=Example.settings)
    watch = Watch(wire=FakeWire(), context=context, logs=caplog)
    watch.wire.install(monkeypatch)
    monkeypatch.setattr(time, "sleep", watch.sleeps.append)
    return watch


def held(watch: Watch, suite: type[ChannelContract], rule: str, **lent: object) -> None:
    """Hold a channel against one rule."""
    function = getattr(suite, rule)
    names = function.__code__.co_varnames[1 : function.__code__.co_argcount]
    given = {"watch": watch, "context": watch.context, **lent}
    function(suite(), **{name: given[name] for name in names})


def suite_of(part: Board | Letters, **more: object) -> type[ChannelContract]:
    about = {"channel": notice(part), "scripts": Example.scripts, "secrets": Example.secrets}
    return type("Suite", (ChannelContract,), about | {"settings": Example.settings} | more)


@pytest.mark.parametrize(
    ("broken", "rule", "group", "call", "said"), GAPS, ids=[item[0].__name__ for item in GAPS]
)
def test_what_went_unseen_is_found(watch, broken, rule, group, call, said):
    lent = LETTERS[0] if group == "letter" else CALL[call]

    with pytest.raises(AssertionError, match=said):
        held(watch, suite_of(broken()), rule, **{group: lent})


@pytest.mark.parametrize(("good", "rule", "group", "call"), GOOD)
def test_what_only_looks_like_it_passes(watch, good, rule, group, call):
    lent = LETTERS[0] if group == "letter" else CALL[call]

    held(watch, suite_of(good()), rule, **{group: lent})


def test_a_network_that_tells_no_id_leaves_them_to_the_channel(watch):
    scripts = {**Example.scripts, "send": [Answer(status=202, json={"taken": True})]}

    held(watch, suite_of(boards.Numbering(), scripts=scripts), ONE_ID, create=CALL["send"])


@pytest.mark.parametrize("rule", [PAST, OWN])
def test_an_answer_that_cannot_be_read_is_told_with_its_cause(watch, rule):
    with pytest.raises(
        AssertionError, match=r"unexpected\. \(ValueError: year \d+ is out of range"
    ):
        held(watch, suite_of(untimely.Hastening()), rule)


@pytest.mark.parametrize("part", [untimely.Windows, untimely.Years])
def test_a_window_in_milliseconds_is_found(watch, part):
    channel = notice(Board())
    channel.limits = part()
    suite = suite_of(Board(), channel=channel)

    with pytest.raises(AssertionError, match="Are milliseconds taken for seconds"):
        held(watch, suite, "test_windows_are_as_long_as_networks_make_them")


def test_a_network_that_tells_by_the_recipient_alone_may_say_so(watch):
    suite = suite_of(boards.Shouting(), told_by_recipient=True)

    held(watch, suite, PUBLIC, letter=LETTERS[0])


def test_a_limit_rests_as_the_suite_is_told(watch):
    hour = Answer(status=429, json={}, headers={"Retry-After": "86400"})
    told = suite_of(Board(), limited=hour, rest=timedelta(days=1))

    held(watch, told, SPENT, call=CALL["publish"])
    with pytest.raises(AssertionError, match="set `rest` to it"):
        held(watch, suite_of(Board(), limited=hour), SPENT, call=CALL["publish"])


def test_keys_are_refused_as_the_network_does(watch):
    """A network may say so with a 400; a 401 of it may be about something else."""
    rule = "test_keys_the_network_does_not_accept_are_the_senders_fault"
    suite = suite_of(Board(), refused_keys=Answer(status=400, json={"error": "bad_key"}))

    with pytest.raises(AssertionError, match="permanent, not sender"):
        held(watch, suite, rule, call=CALL["publish"])


def with_steps(step: object, **changes: object) -> tuple[type[ChannelContract], ChannelWorkflow]:
    made = careless.workflow(step, **changes)
    scripts = {**Example.scripts, "workflow tidy": TIDIED}
    return suite_of(Board(), scripts=scripts, workflows=[made]), made


@pytest.mark.parametrize(("step", "rule", "said"), STEPS)
def test_a_careless_step_of_a_workflow_is_found(watch, step, rule, said):
    suite, made = with_steps(step)

    with pytest.raises(AssertionError, match=said):
        held(watch, suite, rule, step=steps([made])[0], fault=Fault.DROPPED, status=500)


@pytest.mark.parametrize("rule", sorted({rule for _step, rule, _said in STEPS}))
def test_a_careful_step_passes(watch, rule):
    suite, made = with_steps(careless.tidy)

    held(watch, suite, rule, step=steps([made])[0], fault=Fault.DROPPED, status=500)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"job": "Tidy up"}, "must be a slug"),
        ({"kind": "other"}, "not a channel of this plugin"),
        ({"name": " "}, "has no name"),
        ({"schedule": "daily"}, "has not five parts"),
    ],
)
def test_a_workflow_of_another_shape_is_found(watch, changes, said):
    suite, made = with_steps(careless.tidy, **changes)

    with pytest.raises(AssertionError, match=said):
        held(watch, suite, "test_a_workflow_has_the_shape_of_the_contract", step=steps([made])[0])


def test_a_workflow_without_a_script_is_asked_for(watch):
    suite = suite_of(Board(), workflows=[careless.workflow(careless.tidy)])

    with pytest.raises(AssertionError, match=r"Fill in scripts\['workflow tidy'\]"):
        held(watch, suite, ONE_CALL, step=suite.lent("step")[0])


def test_workflows_are_found_beside_their_channel(monkeypatch: pytest.MonkeyPatch):
    ours, others = careless.workflow(careless.tidy), careless.workflow(careless.tidy, kind="other")
    package, module = ModuleType("some_plugin"), ModuleType("some_plugin.channel")
    package.anything = hookimpl(specname="register_workflows")(lambda: [ours, others])
    monkeypatch.setitem(sys.modules, "some_plugin", package)
    monkeypatch.setitem(sys.modules, "some_plugin.channel", module)
    channel = type("Channel", (Notice,), {"__module__": "some_plugin.channel"})()

    assert brought_with(channel) == [ours]
    assert brought_with(Notice()) == []


def test_workflows_are_found_where_the_plugin_is_an_object(monkeypatch: pytest.MonkeyPatch):
    ours = careless.workflow(careless.tidy)

    class Plugin:
        @hookimpl
        def register_workflows(self):
            return [ours]

    module = ModuleType("some_plugin")
    module.Plugin, module.request, module.plugin = Plugin, request, Plugin()
    monkeypatch.setitem(sys.modules, "some_plugin", module)

    channel = type("Channel", (Notice,), {"__module__": "some_plugin"})()

    assert brought_with(channel) == [ours]


def test_rules_of_workflows_fall_away_where_there_are_none():
    assert Example.test_each_step_makes_one_call_at_most is None
    assert with_steps(careless.tidy)[0].test_each_step_makes_one_call_at_most is not None
