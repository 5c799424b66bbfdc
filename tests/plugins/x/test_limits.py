"""What X allows and charges, as the plugin tells it."""

from types import SimpleNamespace

import pytest
from flask import Flask

from channels import Operation
from plugins.x.limits import XLimits
from plugins.x.sandbox import prices as charged


@pytest.mark.parametrize(
    ("given", "amount"),
    [
        ({}, charged.OWNED_READ),
        ({"foreign_app": False}, charged.OWNED_READ),
        ({"foreign_app": True}, charged.FOLLOWER_READ),
    ],
)
def test_a_follower_costs_a_tenth_where_the_account_owns_the_app(app: Flask, given, amount):
    context = SimpleNamespace(settings=given)

    with app.test_request_context():
        told = {price.operation: price.amount for price in XLimits().prices(context)}

    assert told[Operation.AUDIENCE] == amount
