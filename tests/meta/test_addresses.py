"""No address of any route makes a page fail, whatever its numbers and words are."""

import re
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.meta.test_routes import address, method_of, own_rules
from tests.support.factories import make_delivery, make_service, make_subscription, make_workflow
from webapp.kernel.runtime import Runtime

# No database is asked for what is read as no number, or as no word.
unasked = partial(pytest.param, marks=pytest.mark.one_database)
# More than a column of ids holds, more than SQLite holds, more than Python reads.
HUGE = [str(2**31), "9" * 20, unasked("9" * 5000, id="5000")]
NUMBERS = ("account", "after", "before", "folder", "n", "run", "service", "size", "template")
NUMBERS += ("when", "who", "why")
WORDS = ("action", "find", "next", "q", "reason", "show", "sort", "state", "step", "view", "where")
FAILED = (400, *range(500, 600))
# The other methods of an address are refused before its number is read.
NOWHERE = (404, 405)
NUMBERED = re.compile(r"<int:\w+>")


@pytest.fixture(autouse=True)
def _something(runtime: Runtime) -> None:
    """One of each thing, with the number that made-up addresses hold."""
    service = make_service(runtime)
    make_subscription(runtime, service)
    make_delivery(runtime, service)
    make_workflow(runtime)


def failing(app: Flask, client: FlaskClient, query: str) -> list[str]:
    """The routes whose page fails when its address says `query`."""
    return [
        rule.endpoint
        for rule in own_rules(app)
        if "GET" in (rule.methods or ())
        and client.get(f"{address(rule)}?{query}").status_code in FAILED
    ]


def of_number(rule: Rule, number: str) -> str:
    return address(Rule(NUMBERED.sub(number, rule.rule)))


@pytest.mark.parametrize("number", HUGE, ids=len)
def test_a_number_that_no_id_can_be_leads_nowhere(app: Flask, admin: FlaskClient, number: str):
    numbered = [rule for rule in own_rules(app) if NUMBERED.search(rule.rule)]

    answers = {
        rule.endpoint: admin.open(of_number(rule, number), method=method_of(rule)).status_code
        for rule in numbered
    }

    assert len(answers) > 30
    assert {name: code for name, code in answers.items() if code not in NOWHERE} == {}


@pytest.mark.parametrize("number", [*HUGE, unasked("-1"), unasked("x")], ids=len)
def test_a_wrong_number_in_a_query_is_left_out(app: Flask, admin: FlaskClient, number: str):
    query = "&".join(f"{name}={number}" for name in NUMBERS)

    assert failing(app, admin, query) == []


@pytest.mark.parametrize("word", ["%00", unasked("ana%00"), "%ED%A0%BD", unasked("%FF")])
def test_a_word_that_no_database_keeps_fails_no_page(app: Flask, admin: FlaskClient, word: str):
    query = "&".join(f"{name}={word}" for name in WORDS)

    assert failing(app, admin, query) == []
