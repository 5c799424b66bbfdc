"""The things of a channel are written in its own words."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from channels import Channel, Operation
from webapp.kernel.text import naming
from webapp.kernel.text.formats import money, price


class Loud(Channel):
    kind, label = "loud", "Loud"


class Plain(Channel):
    kind, label, handle_prefix, currency = "plain", "Plain", "", "EUR"

    def operations(self) -> Sequence[Operation]:
        return (Operation("post", "Letters to all"), Operation("points", "Writes"))

    def people_word(self, number: int) -> str:
        return "member" if number == 1 else "members"

    def post_word(self, number: int) -> str:
        return "letter" if number == 1 else "letters"


class Long(Channel):
    kind, label, handle_prefix = "long", "Long", "@u/"


@pytest.fixture(autouse=True)
def _three_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "_channels", {})
    for channel in (Loud(), Plain(), Long()):
        naming.learn(channel)


def test_each_network_writes_its_own_sign_before_a_handle() -> None:
    written = [naming.written(kind, "anna") for kind in ("loud", "plain", "long")]

    assert written == ["@anna", "anna", "@u/anna"]


def test_a_handle_of_a_channel_that_is_gone_is_written_bare() -> None:
    assert naming.written("gone", "anna") == "anna"


def test_operations_have_the_labels_of_their_channel_and_else_those_of_the_contract() -> None:
    labels = [naming.operation("plain", name).label for name in ("post", "points", "direct")]

    assert labels == ["Letters to all", "Writes", "Direct messages"]
    assert naming.operation("gone", "steam").label == "steam"


def test_people_and_posts_are_called_what_their_network_calls_them() -> None:
    assert [naming.people(number, "plain") for number in (1, 2)] == ["member", "members"]
    assert [naming.posts(number, "plain") for number in (1, 2)] == ["letter", "letters"]
    assert naming.posts(2, "gone") == "posts"


def test_people_of_channels_that_call_them_otherwise_are_people() -> None:
    assert naming.people(2, "plain", "loud") == naming.everybody() == "people"


def test_an_amount_has_the_sign_of_its_own_currency_and_none_where_they_differ() -> None:
    amounts = [money(Decimal("1234.5"), kind) for kind in ("loud", "plain")]

    assert amounts == ["$1,234.50", "€1,234.50"]
    assert money(Decimal("-0.5")) == "-0.50"
    assert price(Decimal("0.0015"), "plain") == "€0.0015"


@pytest.mark.parametrize("typed", ["anna", " @anna ", "@u/anna"])
def test_whatever_sign_was_typed_before_a_handle_is_not_stored(typed: str) -> None:
    assert naming.bare(typed) == "anna"


def test_a_sign_that_no_network_writes_stays() -> None:
    assert naming.bare("#anna") == "#anna"
