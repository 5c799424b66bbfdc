"""Links and clicks at the command line, and what is proposed for a link."""

import json
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from channels.clock import FileClock
from tests.support.cli import Cli
from tests.support.deliveries import sent
from tests.support.factories import make_delivery
from tests.support.fakes import FakeNetwork
from tests.tracking.conftest import SHOP, SHORT, TEXT, later
from webapp.deliveries import link_choices
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def test_links_and_their_clicks_are_told_as_values_and_as_csv(
    cli: Cli,
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    clock: FileClock,
    follow: Callable[..., object],
    collect: Callable[[], int],
):
    delivery = sent(runtime, service, people=1, content=TEXT)
    number, made = str(delivery.id), delivery.id
    assert json.loads(cli("clicks", "list", number, "--json").out) == []
    runtime.session.rollback()
    later(clock)
    found = SHORT.search(network.directs[0][1])
    assert found
    follow(urlsplit(found[0]).path)
    collect()
    runtime.session.rollback()

    (line,) = json.loads(cli("link", "list", number, "--json").out)
    one = json.loads(cli("link", "show", str(line["number"]), "--json").out)
    (told,) = json.loads(cli("clicks", "list", number, "--json").out)
    sheet = cli("clicks", "list", number, "--csv").out

    assert (line["link"], line["counted"]) == (one["link"], True)
    assert (told["link"], told["kind"]) == (one["link"], "person")
    assert one["link"] == SHOP
    assert one["delivery"] == made
    assert re.search(r"^\W*Time .*,Link,", sheet)
    assert len(sheet.splitlines()) == 1 + 1


def test_what_was_chosen_for_a_link_holds_and_is_proposed_to_the_next_delivery(
    cli: Cli, runtime: Runtime, service: Service
):
    first = make_delivery(runtime, service, label="Spring", content=TEXT)
    second = make_delivery(runtime, service, label="Summer", content=TEXT)
    number, (link,) = str(first.id), link_choices.proposed(runtime, first)
    runtime.session.rollback()

    strange = cli("link", "disable", number, "https://other.example")
    assert cli("link", "enable", number, link.name, "--label", "Shop").code == 0
    off = json.loads(cli("link", "disable", number, link.name, "--json").out)

    assert f"Its links: {link.name}." in strange.err
    assert (off["label"], off["counted"]) == ("Shop", False)
    runtime.session.rollback()
    (offered,) = link_choices.proposed(runtime, second)
    assert (offered.label, offered.counted, offered.proposed_by) == ("Shop", False, "Spring")

    mine = {link.name: link_choices.LinkChoice()}
    link_choices.choose(runtime, second.id, counts_clicks=True, chosen=mine)
    (kept,) = link_choices.proposed(runtime, second)
    assert (kept.label, kept.counted, kept.proposed_by) == ("", True, "")
