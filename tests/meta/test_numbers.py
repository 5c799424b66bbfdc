"""A number that a page writes has its separators: *12,445*, whoever counts it."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from channels.sentences import Sentence
from tests.meta.test_cheap_pages import addresses, pages  # noqa: F401 - a fixture
from webapp.kernel.i18n import _, in_language, later_plural, lazy_gettext, ngettext

# What is looked at here comes before any database.
pytestmark = pytest.mark.one_database

ROOT = Path(__file__).parents[2]
MARK = "\u2983"


class Bare(HTMLParser):
    """Collects the texts of a page in which a number stands as it was counted."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        if MARK in data:
            self.found.append(" ".join(data.split()))


@pytest.fixture(autouse=True)
def marked(app: Flask) -> Iterator[None]:
    """Mark each whole number that a template writes down without a filter."""

    def mark(value: object) -> object:
        return f"{MARK}{value}" if type(value) is int else value

    environment = app.jinja_env
    # What is compiled with the mark is of no use to other tests.
    kept, environment.bytecode_cache = environment.bytecode_cache, None
    before, environment.finalize = environment.finalize, mark
    environment.cache.clear()
    yield
    environment.finalize, environment.bytecode_cache = before, kept
    environment.cache.clear()


def test_no_page_writes_a_number_without_its_separators(
    pages: tuple[FlaskClient, list[Rule]],  # noqa: F811 - the fixture
):
    client, rules = pages
    wrong: dict[str, list[str]] = {}
    for rule in rules:
        for where in addresses(rule):
            answer = client.get(where)
            if answer.mimetype == "text/html":
                bare = Bare()
                bare.feed(answer.text)
                if bare.found:
                    wrong[where] = bare.found

    assert wrong == {}


@pytest.mark.parametrize(
    "said",
    [
        lambda: _("%(n)s messages failed", n=12_445),
        lambda: str(lazy_gettext("%(n)s messages failed", n=12_445)),
        lambda: ngettext("%(num)s message failed", "%(num)s messages failed", 12_445),
        lambda: later_plural("%(num)s message failed", "%(num)s messages failed")({"num": 12_445}),
        lambda: render_template_string("{{ _('%(n)s messages failed', n=12445) }}"),
        lambda: render_template_string(
            "{{ ngettext('%(num)s message failed', '%(num)s messages failed', 12445) }}"
        ),
    ],
)
def test_every_sentence_writes_a_number_as_its_reader_does(app: Flask, said: Callable[[], str]):
    with app.test_request_context():
        assert said() == "12,445 messages failed"
        with in_language("fr"):
            assert said() == "12\u202f445 messages failed"


def test_a_sentence_outside_of_any_application_writes_numbers_in_english():
    assert later_plural("%(num)s sent", "%(num)s sent")({"num": 12_445}) == "12,445 sent"


def test_what_is_kept_of_a_sentence_is_the_number_itself():
    said = Sentence("%(n)s of %(all)s, %(sure)s", n=3_060, all="12,445", sure=True)

    assert said == "3,060 of 12,445, True"
    assert said.values == {"n": 3_060, "all": "12,445", "sure": True}
    assert type(said.values["n"]) is int


def test_no_sentence_writes_the_bare_digits_of_a_number():
    bare = re.compile(r"%\(\w+\)[^s%]|\{[\w.]*:,")
    found = {
        f"{path.relative_to(ROOT)}: {match[0]}"
        for folder in ("webapp", "templates", "plugins", "channels")
        for ending in ("*.py", "*.html")
        for path in (ROOT / folder).rglob(ending)
        for match in bare.finditer(path.read_text(encoding="utf-8"))
    }

    assert found == set()


def test_a_bare_number_is_found(app: Flask):
    with app.test_request_context():
        page = render_template_string('<p id="{{ n }}">{{ n|number }} and {{ n }}</p>', n=5)
    bare = Bare()
    bare.feed(page)

    assert bare.found == [f"5 and {MARK}5"]
