"""Whatever is typed wrongly at the command line ends in a sentence, and changes nothing."""

import errno
from unittest.mock import Mock

import pytest
from sqlalchemy import func, select

from tests.meta.test_commands import COMMANDS
from tests.support.cli import Cli
from tests.support.factories import make_service
from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Operator
from webapp.services.models import Service

KEYS = '{"region": "north", "token": "good"}'
PASSWORD = "a quiet harbour in november\n"
LONG = "x" * 300
HUGE = "99999999999999999999"
ADD = ("service", "add", "fake", "ateliernord")
POST = ("delivery", "create", "--kind", "post", "--label", "Doors", "--text", "Open")
PLAN = ("experiment", "plan")
NUMBERED = (
    "analyse",
    "confirm",
    "log",
    "pause",
    "proof",
    "resume",
    "status",
    "stop",
    "rest",
    "settle",
    "unschedule",
)

# The words of each command, what it reads, and what its sentence must name.
WRONG: dict[str, tuple[tuple[str, ...], str, str]] = {
    "cap of nothing": ((*ADD, "--daily-cap", "0"), KEYS, "1"),
    "cap below nothing": ((*ADD, "--daily-cap", "-3"), KEYS, "1"),
    "cap beyond all": ((*ADD, "--daily-cap", HUGE), KEYS, "100000"),
    "cap of words": ((*ADD, "--daily-cap", "many"), KEYS, "many"),
    "budget below nothing": ((*ADD, "--budget", "-5"), KEYS, "from 0"),
    "budget that is no number": ((*ADD, "--budget", "NaN"), KEYS, "from 0"),
    "budget without end": ((*ADD, "--budget", "Infinity"), KEYS, "from 0"),
    "budget beyond all": ((*ADD, "--budget", "1e12"), KEYS, "1000000"),
    "budget of words": ((*ADD, "--budget", "sixty"), KEYS, "60.00"),
    "long label": ((*ADD, "--label", LONG), KEYS, "label: This is too long"),
    "long folder": ((*ADD, "--folder", LONG), KEYS, "folder: This is too long"),
    "no folder": ((*ADD, "--visitor-folder", " "), KEYS, "visitor_folder: This is needed"),
    "long name": (("service", "add", "fake", LONG), KEYS, "internal_name: This is too long"),
    "no name": (("service", "add", "fake", "@"), KEYS, "internal_name: This is needed"),
    "secrets in a list": (ADD, '{"token": ["good"]}', "token"),
    "secrets that are no text": (ADD, "\udcff", "Standard input"),
    "label that is no text": ((*ADD, "--label", "caf\udce9"), KEYS, "UTF-8"),
    "person that is no text": (("operator", "create", "a\udce9@b.example"), PASSWORD, "UTF-8"),
    "message with a zero byte": ((*POST[:-2], "--service", "sender"), "Open\0", "UTF-8"),
    "password that is no text": (("operator", "create", "a@b.example"), "\udcff" * 12, "UTF-8"),
    "password with a zero byte": (("operator", "create", "a@b.example"), f"\0{PASSWORD}", "UTF-8"),
    "move of nobody": (("service", "move"), "", "Name accounts"),
    "move of a name and of all": (("service", "move", "sender", "--all", "x"), "", "Name accounts"),
    "move of a stranger": (("service", "move", "nobody"), "", "No service"),
    "move of what has no older keys": (("service", "move", "sender"), "", "no older keys"),
    "move back of what stayed": (("service", "move-back", "sender"), "", "was not moved"),
    "sign-ins of no channel": (("service", "sign-ins", "carrier"), "", "carrier"),
    "no such account": (("service", "verify", LONG), "", "No service"),
    "no account to change": (("service", "change", LONG, "--label", "x"), "", "No service"),
    "no new time": (("delivery", "reschedule", "7", "--at", "soon"), "", "not a time"),
    "no zone": (("delivery", "reschedule", "7", "--at", "2026-12-01 09:00"), "", "no zone"),
    "long email": (("operator", "create", f"{LONG}@a.example"), PASSWORD, "too long"),
    "no email": (("operator", "create", " "), PASSWORD, "@"),
    "long person": (("operator", "create", "a@b.example", "--name", LONG), PASSWORD, "too long"),
    "long password": (("operator", "create", "a@b.example"), "abcdefghi " * 200, "at most"),
    "long delivery": ((*POST, "--label", LONG, "--service", "sender"), "", "at most 200"),
    "no service": ((*POST, "--service", "nobody"), "", "nobody"),
    "no text": ((*POST, "--service", "sender", "--text", " "), "", "--text"),
    "no wave": ((*POST, "--service", "sender", "--waves", "0"), "", "1"),
    "endless wave": ((*POST, "--service", "sender", "--waves", HUGE), "", HUGE),
    "no time": ((*POST, "--service", "sender", "--at", "soon"), "", "soon"),
    "time before time": (
        (*POST, "--service", "sender", "--at", "0001-01-01 00:00 +14:00"), "", "calendar",
    ),
    "time after time": (
        (*POST, "--service", "sender", "--at", "9999-12-31 23:59 -14:00"), "", "calendar",
    ),
    "no span": ((*POST, "--service", "sender", "--valid-for", "ever"), "", "5d"),
    "short span": ((*POST, "--service", "sender", "--valid-for", "0m"), "", "hour"),
    "no field": (("visitor", "count", "--where", "folowers.more.5"), "", "followers"),
    "huge friends": (("visitor", "count", "--where", f"followers.more.{HUGE}"), "", "number"),
    "no such service": (("visitor", "count", "--service", "nobody"), "", "nobody"),
    "after nobody": (("visitor", "list", "--after", HUGE), "", HUGE),
    "after less": (("visitor", "list", "--after", "-1"), "", "-1"),
    "no page": (("visitor", "list", "--size", "0"), "", "1"),
    "report of nobody": (("report", "account", "nobody"), "", "No service"),
    "report of no days": (
        ("report", "account", "sender", "--from", "soon", "--to", "2026-11-01"), "", "--from: Give",
    ),
    "report to no day": (("report", "account", "sender", "--from", "2026-11-01"), "", "--to: Give"),
    "report of no zone": (("report", "account", "sender", "--zone", "Mars/Base"), "", "Mars/Base"),
    "report of no part": (("report", "account", "sender", "--part", "failure"), "", "failures"),
    "report as two": (("report", "delivery", "7", "--csv", "--json"), "", "one of"),
    "report without a part": (("report", "delivery", "7", "--csv"), "", "--part"),
    "report of nothing": (("report", "delivery", "7"), "", "no delivery 7"),
    "profiles of no file": (("profile", "import", "/nowhere.csv"), "", "cannot be read"),
    "no such column": (("profile", "import", __file__, "--map", "Town=x"), "", "no column Town"),
    "profiles to nowhere": (("profile", "export", "/nowhere/p.csv"), "", "cannot be written"),
    "profiles over a file": (("profile", "export", __file__), "", "there already"),
    "profiles after less": (("profile", "list", "--after", "-1"), "", "-1"),
    "no start": (("workflow", "start", HUGE), "", "no workflow"),
    "no stop": (("workflow", "stop", LONG), "", "no workflow"),
    "no run": (("workflow", "run", "nothing"), "", "no workflow"),
    "no patience": (("workflow", "run", "clean_up", "--wait", "--timeout", "-1"), "", "-1"),
    "opt-in of nobody": (
        ("visitor", "opt-in", "7", "--service", "sender", "--purpose", "News", "--proof", "Form"),
        "", "no such visitor",
    ),
    "copy of nobody": (("privacy", "copy", "7"), "", "no such visitor"),
    "erasure of nobody": (("privacy", "ask", "7"), "", "no such visitor"),
    "no wish to fulfil": (("privacy", "erase", "7", "--name", "ana"), "", "no such wish"),
    "no wish to take back": (("privacy", "withdraw", "7"), "", "no such wish"),
    "erasure of whom": (("privacy", "erase", "7"), "", "--name"),
    "opt-out of nobody": (("visitor", "opt-out", "7", "--service", "sender"), "", "no such"),
    "doubt of nobody": (("visitor", "decide", "7", "stop", "--service", "sender"), "", "no such"),
    "answers of no file": (("consent", "import", "/nowhere.csv"), "", "cannot be read"),
    "answers of no column": (("consent", "import", __file__, "--map", "Town=x"), "", "column Town"),
    "answers to nowhere": (("consent", "export", "/nowhere/c.csv"), "", "cannot be written"),
    "answers over a file": (("consent", "export", __file__), "", "there already"),
    "no experiment": (("experiment", "verify", "7"), "", "no delivery 7"),
    "huge experiment": (("experiment", "verify", HUGE), "", HUGE),
    "plan of nothing": ((*PLAN, "--expected", "2"), "", "--people"),
    "plan of no share": ((*PLAN, "--people", "9", "--expected", "0"), "", "from 0.01"),
    "plan of words": ((*PLAN, "--people", "9", "--expected", "lots"), "", "like 2.5"),
    "plan without a number": ((*PLAN, "--people", "9", "--expected", "NaN"), "", "from 0.01"),
    "plan of huge people": ((*PLAN, "--expected", "2", "--people", HUGE), "", HUGE),
    "plan beyond everybody": ((*PLAN, "--expected", "60", "--lift", "90"), "", "everybody"),
    "plan of one text": ((*PLAN, "--expected", "2", "--lift", "50", "--arms", "1"), "", "--held"),
    "plan of many texts": ((*PLAN, "--expected", "2", "--lift", "50", "--arms", "5"), "", "5"),
    "plan for nobody": ((*PLAN, "--expected", "2", "--lift", "9", "--held-out", "100"), "", "99"),
    "links of nothing": (("link", "list", "7"), "", "no delivery 7"),
    "huge links": (("link", "list", HUGE), "", HUGE),
    "no link": (("link", "show", "7"), "", "no link 7"),
    "link of words": (("link", "show", "seven"), "", "seven"),
    "link of no delivery": (("link", "disable", "7", "https://a.example"), "", "no delivery 7"),
    "label of no delivery": (("link", "enable", "7", "x", "--label", LONG), "", "no delivery 7"),
    "clicks of nothing": (("clicks", "list", "7"), "", "no delivery 7"),
    "clicks in two forms": (("clicks", "list", "7", "--csv", "--json"), "", "one of them"),
    "no word": (("words", "add", " "), "", "Write"),
    "long word": (("words", "add", LONG), "", "at most"),
    "unknown word": (("words", "remove", "nothing"), "", "nothing"),
    "no sessions": (("operator", "sessions", LONG), "", "No operator"),
    "no log-out": (("operator", "log-out", "nobody@b.example"), "", "No operator"),
    "no such role": (("operator", "role", "nobody@b.example", "owner"), "", "owner"),
    "nobody to disable": (("operator", "disable", "nobody@b.example"), "", "No operator"),
    "nobody to enable": (("operator", "enable", "nobody@b.example"), "", "No operator"),
    "nobody to unlock": (("operator", "unlock", "nobody@b.example"), "", "No operator"),
    "nobody to link": (("operator", "link", "nobody@b.example"), "", "No operator"),
    "no plugin": (("plugin", "check", LONG), "", "No plugin"),
    "no name of a plugin": (("plugin", "new", "No Name"), "", "No Name"),
    "no follower": (("demo", "--once", "--followers", "-5"), "", "-5"),
    **{f"{word} huge": (("delivery", word, HUGE), "", HUGE) for word in NUMBERED},
    **{f"{word} none": (("delivery", word, "7"), "", "no delivery 7") for word in NUMBERED},
    **{f"{word} words": (("delivery", word, "seven"), "", "seven") for word in NUMBERED},
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_value_ends_in_a_sentence_and_makes_nothing(cli: Cli, runtime: Runtime, case: str):
    words, stdin, named = WRONG[case]
    make_service(runtime, internal_name="sender")
    before = kept(runtime)

    said = cli(*words, stdin=stdin)

    assert said.code in (1, 2)
    assert named in said.err.splitlines()[-1]
    assert "Traceback" not in said.err
    assert kept(runtime) == before


@pytest.mark.parametrize("words", [ADD, ("operator", "create", "a@b.example"), POST[:-2]])
def test_a_closed_standard_input_holds_nothing(cli: Cli, words: tuple[str, ...]):
    said = cli(*words, stdin=None)

    assert said.code in (1, 2)
    assert said.err


def test_an_output_that_takes_nothing_more_is_named(cli: Cli, monkeypatch: pytest.MonkeyPatch):
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr("webapp.operators.commands.emit", Mock(side_effect=full))

    said = cli("operator", "list")

    assert (said.code, "no space" in said.err) == (1, True)


def test_every_command_that_is_told_something_is_told_something_wrong():
    told = {
        name
        for name, command in COMMANDS.items()
        if any(not getattr(item, "is_flag", False) for item in command.params)
    }

    tried = {" ".join(words[:2]) for words, _, _ in WRONG.values()} | {"demo"}

    assert told - tried == set()


def kept(runtime: Runtime) -> list[int | None]:
    """How much there is of what a command makes."""
    counts = [
        runtime.session.scalar(select(func.count()).select_from(model))
        for model in (Service, Operator, Delivery)
    ]
    runtime.session.commit()
    return counts
