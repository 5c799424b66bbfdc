import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from channels import ErrorKind
from tests.support.cli import Cli, Said
from tests.support.counters import counters_of
from tests.support.deliveries import begin, fault, ready, sent
from tests.support.factories import make_delivery, make_service, make_visitor
from tests.support.fakes import FakeNetwork
from webapp.deliveries import analysis
from webapp.deliveries.models import Audience, Delivery, MessageCount
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

STEERING = ("pause", "resume", "stop")


@pytest.fixture
def service(runtime: Runtime) -> Service:
    return make_service(runtime, internal_name="ateliernord")


def test_a_recount_says_how_many_it_counted(cli: Cli, runtime: Runtime, service: Service):
    delivery = sent(runtime, service, 2)
    runtime.session.execute(update(MessageCount).values(number=7))
    runtime.session.commit()

    said = cli("delivery", "recount", "--json")

    assert json.loads(said.out) == {"counted": 1, "left": 0}
    assert counters_of(runtime, delivery.id) == {("sent", ""): 2}


def create(cli: Cli, *words: str, stdin: str = "Hello", kind: str = "direct") -> Said:
    fixed = ("--kind", kind, "--service", "ateliernord", "--label", "Doors", "--json")
    return cli("delivery", "create", *fixed, *words, stdin=stdin)


def made(runtime: Runtime, said: Said) -> Delivery:
    assert said.code == 0, said.err
    runtime.session.rollback()
    found = runtime.session.get(Delivery, json.loads(said.out)["id"])
    assert found
    return found


def test_a_draft_takes_everything_the_page_takes(cli: Cli, runtime: Runtime, service: Service):
    test = make_service(runtime, internal_name="atelierlab", is_test=True)
    ana = make_visitor(runtime, handle="ana")

    said = create(
        cli,
        *("--where", "followers.more.500", "--at", "2026-12-01 09:00 Europe/Paris"),
        *("--valid-for", "36h", "--waves", "50", "--everyone"),
        *("--proof-account", "atelierlab", "--proof-person", "@Ana"),
    )

    delivery = made(runtime, said)
    assert delivery.content == "Hello"
    assert [dict(item) for item in delivery.filters] == [
        {"field": "friends", "op": "more", "value": "500"}
    ]
    assert delivery.scheduled_at == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert (delivery.valid_for, delivery.wave_size) == (36 * 3600, 50)
    assert (delivery.proof_service_id, delivery.proof_visitor_id) == (test.id, ana.id)
    assert delivery.audience is Audience.EVERYONE
    assert delivery.everyone_accepted_by


WRONG = {
    "no zone": (("--at", "2026-12-01 09:00"), "has no zone; add one"),
    "no time": (("--at", "tomorrow"), "is not a time; write it like"),
    "zone": (("--at", "2026-12-01 09:00 Europe/Pairs"), "Did you mean Europe/Paris?"),
    "gap": (("--at", "2027-03-28 02:30 Europe/Paris"), "this time does not exist"),
    "span": (("--valid-for", "long"), "write it like 5d, 36h or 90m"),
    "short": (("--valid-for", "5m"), "valid for an hour at least"),
    "waves": (("--waves", "0"), "0 is not in the range"),
    "field": (("--where", "folowers.more.1"), "Did you mean followers?"),
    "template": (("--template", "Post massage"), "There is no template Post massage for this."),
    "account": (("--proof-account", "ateliernor"), "Did you mean ateliernord?"),
    "person": (("--proof-person", "nobody"), "No visitor is called @nobody."),
    "option": (("--wave", "5"), "--waves"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_named_and_leaves_no_draft(
    cli: Cli, runtime: Runtime, service: Service, case: str
):
    words, sentence = WRONG[case]

    said = create(cli, *words)

    assert said.code in {1, 2}
    assert sentence in said.err
    assert said.out == ""
    assert runtime.session.query(Delivery).count() == 0


def test_an_empty_message_is_refused(cli: Cli, runtime: Runtime, service: Service):
    said = create(cli, stdin=" \n")

    assert said.code == 1
    assert "Give the message with --text, on standard input, or with --template." in said.err
    assert runtime.session.query(Delivery).count() == 0


def test_a_number_nobody_has_is_named_with_the_newest_ones(
    cli: Cli, runtime: Runtime, service: Service
):
    delivery = ready(runtime, service)

    for word in ("analyse", "proof", "confirm", "status", "log"):
        said = cli("delivery", word, "99")
        assert said.code == 1
        assert f"There is no delivery 99. The newest are {delivery.id} (Spring)." in said.err


def test_a_ready_delivery_is_confirmed_with_its_warnings_accepted(
    cli: Cli, runtime: Runtime, service: Service
):
    delivery = ready(runtime, service)
    warnings = [
        item["code"] for item in delivery.analysis["findings"] if item["level"] == "warning"
    ]

    refused = cli("delivery", "confirm", str(delivery.id))
    accepted = cli(
        "delivery", "confirm", str(delivery.id), "--json",
        *(word for code in warnings for word in ("--accept", code)),
    )  # fmt: skip

    assert refused.code == 1
    assert refused.err.startswith("fanfare: ")
    assert json.loads(accepted.out)["state"] == "sending"


def test_each_open_warning_is_named_with_its_code(cli: Cli, runtime: Runtime, service: Service):
    delivery = ready(runtime, service)
    _add_warning(runtime, delivery, "odd", "It looks odd.")

    said = cli("delivery", "confirm", str(delivery.id), "--accept", "odd")
    both = cli("delivery", "confirm", str(delivery.id))

    assert said.code == both.code == 1
    assert said.err.splitlines() == [
        "fanfare: 1 warning must be accepted first.",
        "fanfare: --accept no_proof  No proof was sent yet",
    ]
    assert both.err.splitlines() == [
        "fanfare: 2 warnings must be accepted first.",
        "fanfare: --accept no_proof  No proof was sent yet",
        "fanfare: --accept odd  It looks odd.",
    ]


def test_only_an_open_warning_can_be_accepted(cli: Cli, runtime: Runtime, service: Service):
    delivery = ready(runtime, service)
    confirm = ("delivery", "confirm", str(delivery.id), "--accept", "no_proof")

    said = cli(*confirm, "--accept", "no_prof")

    assert (said.code, said.err) == (
        1, "fanfare: There is no open warning no_prof. To accept: no_proof.\n"
    )  # fmt: skip
    assert runtime.session.get(Delivery, delivery.id, populate_existing=True) is delivery
    assert delivery.state.value == "ready"


def test_nothing_can_be_accepted_where_nothing_is_open(
    cli: Cli, runtime: Runtime, service: Service
):
    delivery = ready(runtime, service)
    delivery.analysis = {**delivery.analysis, "findings": []}
    runtime.session.commit()

    said = cli("delivery", "confirm", str(delivery.id), "--accept", "no_proof")

    assert said.err == "fanfare: There is no open warning no_proof. None is open.\n"


def test_an_analysis_names_the_code_of_each_warning(
    cli: Cli, runtime: Runtime, service: Service, monkeypatch: pytest.MonkeyPatch
):
    delivery = ready(runtime, service)
    monkeypatch.setattr(
        "webapp.deliveries.commands.sending.wait_while",
        lambda lent, found, _states: analysis.analyse(lent, found.id),
    )

    said = cli("delivery", "analyse", str(delivery.id))

    assert "warning  No proof was sent yet (--accept no_proof)" in said.out


def _add_warning(runtime: Runtime, delivery: Delivery, code: str, text: str) -> None:
    added = {"code": code, "level": "warning", "text": text, "step": ""}
    found = [*delivery.analysis["findings"], added]
    delivery.analysis = {**delivery.analysis, "findings": found}
    runtime.session.commit()


def test_the_log_is_written_as_json_and_as_csv(cli: Cli, runtime: Runtime, service: Service):
    delivery = sent(runtime, service, people=2)

    lines = json.loads(cli("delivery", "log", str(delivery.id), "--json").out)
    sheet = cli("delivery", "log", str(delivery.id), "--csv").out.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(sheet)))

    assert [line["state"] for line in lines] == ["sent", "sent"]
    assert [row["Recipient"] for row in rows] == [line["recipient"] for line in lines]


def test_a_log_for_spreadsheets_and_for_programs_at_once_is_refused(cli: Cli):
    said = cli("delivery", "log", "7", "--csv", "--json")

    assert said.code != 0
    assert "--csv and --json are two forms of the log; ask for one of them." in said.err


def test_what_is_not_there_is_blank_in_a_table_and_null_for_programs(
    cli: Cli, runtime: Runtime, service: Service
):
    draft = make_delivery(runtime, service)
    begun = begin(runtime, ready(runtime, service, people=1))
    runtime.session.commit()

    listed, log = cli("delivery", "list"), cli("delivery", "log", str(begun.id))
    rows = json.loads(cli("delivery", "list", "--json").out)

    assert begun.label in listed.out
    assert "pending" in log.out
    assert "unknown" not in listed.out + log.out
    assert next(row for row in rows if row["id"] == draft.id)["scheduled_at"] is None


def test_the_deliveries_are_listed(cli: Cli, runtime: Runtime, service: Service):
    delivery = ready(runtime, service)

    rows = json.loads(cli("delivery", "list", "--json").out)

    assert [(row["id"], row["state"]) for row in rows] == [(delivery.id, "ready")]


def test_a_delivery_is_held_resumed_and_stopped(cli: Cli, runtime: Runtime, service: Service):
    later = runtime.now() + timedelta(hours=1)
    number = str(begin(runtime, ready(runtime, service, scheduled_at=later)).id)
    runtime.session.rollback()

    told = [cli("delivery", word, number, "--json") for word in STEERING]
    again = cli("delivery", "resume", number)

    assert [json.loads(said.out)["state"] for said in told] == ["paused", "scheduled", "stopped"]
    assert (again.code, again.err) == (1, "fanfare: Only a paused delivery can go on.\n")


def test_what_failed_is_named_and_settled(
    cli: Cli, runtime: Runtime, service: Service, network: FakeNetwork
):
    network.before = [fault(ErrorKind.PERMANENT, "refused")]
    number = str(sent(runtime, service, people=1).id)
    runtime.session.rollback()

    told = cli("delivery", "status", number)
    settled = cli("delivery", "settle", number, "--json")
    again = cli("delivery", "settle", number)

    assert f"It needs somebody: ./run delivery settle {number}" in told.out
    assert json.loads(settled.out)["settled_by"]
    assert again.code == 1
    assert "settled this already" in again.err
