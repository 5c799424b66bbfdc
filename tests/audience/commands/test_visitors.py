import json

from tests.support.cli import Cli
from tests.support.factories import make_service, make_subscription, make_visitor
from webapp.audience.models import ReceivedMessage
from webapp.kernel.runtime import Runtime


def listed(cli: Cli, *words: str) -> list[str]:
    said = cli("visitor", "list", "--json", *words)
    assert said.code == 0, said.err
    return [row["username"] for row in json.loads(said.out)]


def test_visitors_are_filtered_sorted_and_paged_as_on_the_page(cli: Cli, runtime: Runtime):
    for name, friends in (("ana", 900), ("bea", 700), ("cora", 100)):
        make_visitor(runtime, handle=name, name=name.title(), follower_count=friends)

    assert listed(cli, "--where", "followers.more.500") == ["ana", "bea"]
    assert listed(cli, "--where", "!followers.more.500") == ["cora"]
    assert listed(cli, "--sort", "username", "--ascending", "--size", "2") == ["ana", "bea"]
    assert listed(cli, "--search", "co") == ["cora"]


def test_a_page_tells_how_to_get_the_next(cli: Cli, runtime: Runtime):
    for friends in (3, 2, 1):
        make_visitor(runtime, handle=f"v{friends}", follower_count=friends)

    first = cli("visitor", "list", "--size", "2")
    after = first.out.split("--after ")[1].strip()

    assert listed(cli, "--size", "2", "--after", after) == ["v1"]


def test_those_who_may_be_messaged_are_counted(cli: Cli, runtime: Runtime):
    service = make_service(runtime, internal_name="ateliernord")
    make_subscription(runtime, service)
    make_subscription(runtime, service, wrote_first_at=None)

    said = cli("visitor", "count", "--service", "ateliernord", "--may-be-messaged", "--json")

    assert json.loads(said.out) == {"count": 1}


def test_the_number_of_followers_is_called_that_and_its_old_name_is_understood(
    cli: Cli, runtime: Runtime
):
    make_visitor(runtime, handle="ana", follower_count=900)

    for name in ("followers", "friends"):
        assert listed(cli, "--where", f"{name}.more.500") == ["ana"]
    said = cli("visitor", "list", "--sort", "followers", "--json")
    assert json.loads(said.out)[0]["followers"] == 900


def test_a_mistyped_field_is_named_with_the_nearest(cli: Cli):
    said = cli("visitor", "count", "--where", "folowers.more.5")

    assert said.code == 1
    assert "--where folowers.more.5: There is no such field" in said.err
    assert "Did you mean followers?" in said.err


def test_a_mistyped_comparison_is_named_with_those_that_fit(cli: Cli):
    said = cli("visitor", "count", "--where", "followers.bigger.5")

    assert "After followers comes more or fewer." in said.err


def test_a_mistyped_account_is_named_with_the_nearest(cli: Cli, runtime: Runtime):
    make_service(runtime, internal_name="ateliernord")

    said = cli("visitor", "list", "--service", "ateliernrod")

    assert said.code == 1
    assert said.err.endswith("No service is connected to ateliernrod. Did you mean ateliernord?\n")


def test_an_opt_in_is_recorded_with_its_proof_and_day(cli: Cli, runtime: Runtime):
    tie = make_subscription(
        runtime, make_service(runtime, internal_name="ateliernord"), wrote_first_at=None
    )
    who = (str(tie.visitor_id), "--service", "ateliernord")
    told = ("--purpose", "News", "--proof", "Form at the door")
    runtime.session.rollback()

    early = cli("visitor", "opt-in", *who, *told, "--at", "2027-01-01 09:00 Europe/Paris")
    empty = cli("visitor", "opt-in", *who, "--purpose", "News", "--proof", " ")
    said = cli("visitor", "opt-in", *who, *told, "--at", "2026-11-20 09:00 Europe/Paris", "--json")

    assert (early.code, "still to come" in early.err) == (1, True)
    assert (empty.code, "where and how they agreed" in empty.err) == (1, True)
    assert json.loads(said.out)["opted_in_at"] == "2026-11-20T08:00:00+00:00"
    assert json.loads(said.out)["consent"] == "opted_in"


def test_an_opt_out_holds_at_once(cli: Cli, runtime: Runtime):
    tie = make_subscription(runtime, make_service(runtime, internal_name="ateliernord"))
    who = (str(tie.visitor_id), "--service", "ateliernord")
    runtime.session.rollback()

    said = cli("visitor", "opt-out", *who, "--note", "By phone", "--json")

    assert json.loads(said.out)["consent"] == "wrote_stop"
    nobody = cli("visitor", "opt-out", "4711", "--service", "ateliernord")
    assert (nobody.code, "There is no such visitor" in nobody.err) == (1, True)


def test_a_doubt_is_listed_and_decided_once(cli: Cli, runtime: Runtime):
    at = runtime.now()
    tie = make_subscription(
        runtime, make_service(runtime, internal_name="ateliernord"), doubted_at=at
    )
    note = ReceivedMessage(
        service_id=tie.service_id,
        visitor_id=tie.visitor_id,
        remote_id="m1",
        text="Not interested",
        wish="doubt",
        received_at=at,
        read_at=at,
    )
    runtime.session.add(note)
    runtime.session.commit()
    who = (str(tie.visitor_id), "stop", "--service", "ateliernord")

    assert json.loads(cli("visitor", "doubts", "--json").out)[0]["wrote"] == "Not interested"
    older = cli("visitor", "decide", *who, "--message", "4711")
    assert (older.code, "They wrote again" in older.err) == (1, True)
    assert json.loads(cli("visitor", "decide", *who, "--json").out)["consent"] == "wrote_stop"
    again = cli("visitor", "decide", *who)
    assert (again.code, "in doubt any more" in again.err) == (1, True)
