"""Privacy at the command line."""

import json

from tests.privacy.conftest import Known
from tests.support.cli import Cli
from webapp.audience.models import Visitor
from webapp.kernel.runtime import Runtime


def test_a_copy_is_printed_as_json(cli: Cli, runtime: Runtime, known: Known):
    number = known.visitor.id
    runtime.session.close()

    told = cli("privacy", "copy", str(number))
    answer = cli("privacy", "copy", str(number), "--json")

    assert "2 messages sent or planned" in told.out
    assert json.loads(answer.out)["person"][0]["handle"] == "quastenfink"


def test_somebody_is_erased_in_two_steps(cli: Cli, runtime: Runtime, known: Known):
    number = known.visitor.id
    runtime.session.close()

    asked = cli("privacy", "ask", str(number))
    waits = json.loads(cli("privacy", "list", "--json").out)
    refused = cli("privacy", "erase", "1", "--name", "somebody")
    done = cli("privacy", "erase", "1", "--name", "quastenfink")

    assert "2 messages sent or planned" in asked.out
    assert [(item["wish"], item["state"]) for item in waits] == [(1, "asked")]
    assert (refused.code, "nobody else is erased" in refused.err) == (1, True)
    assert "The person is erased" in done.out
    assert runtime.session.get(Visitor, number) is None


def test_a_person_is_kept_after_all(cli: Cli, runtime: Runtime, known: Known):
    number = known.visitor.id
    runtime.session.close()
    cli("privacy", "ask", str(number))

    assert "kept" in cli("privacy", "withdraw", "1").out
    assert cli("privacy", "withdraw", "1").code == 1
