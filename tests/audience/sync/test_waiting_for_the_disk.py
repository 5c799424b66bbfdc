"""On a server what a page costs is on the disk before it is asked; its rows keep nobody waiting."""

from decimal import Decimal

import pytest

from channels import Operation, Price
from tests.support.disk import noted
from tests.support.fakes import FakeNetwork
from tests.support.sync import crowd, following, names, work
from webapp.kernel.runtime import Runtime

LAST = {"INSERT INTO charge": "price", "INSERT INTO subscription": "rows"}


@pytest.mark.several_writers
@pytest.mark.usefixtures("small_pages")
def test_the_price_of_a_page_waits_for_the_disk_and_its_rows_do_not(
    runtime: Runtime, network: FakeNetwork, service, workflow
):
    network.people = crowd(9)
    network.prices = [Price(operation=Operation.AUDIENCE, amount=Decimal("0.01"), label="Read")]

    with noted(LAST) as waits:
        work(runtime, workflow)

    assert following(runtime, service) == names(network.people)
    # The price of each page stands before the rows of the one before it.
    places = [place for place, (name, _how) in enumerate(waits) if name == "rows"]
    assert [waits[place] for place in places] == [("rows", "off")] * 3
    assert [waits[place - 1] for place in places[:2]] == [("price", "on")] * 2
