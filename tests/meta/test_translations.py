"""Every sentence a page shows is found by the extraction of Babel, so that it can be translated."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from flask import Flask
from jinja2 import nodes

from plugins.x.error_rows import ROWS
from webapp.kernel import faults

ROOT = Path(__file__).parents[2]
BABEL = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"]
OURS = ("channels", "plugins", "webapp")
DOORS = {"_", "later", "plural", "gettext", "ngettext", "lazy_gettext", "later_plural"}
ERRORS = {"FanfareError", "NotFound", "Conflict", "NotAllowed", "Invalid", "UnreadableSecret"}
ERRORS |= {"Unfit", "Stale", "ChannelError"}
# The command line, the demo and the sandbox speak English alone; so do faults of a start.
ENGLISH = ("commands", "console.py", "demo", "sandbox", "supervisor", "plugin_check.py")


def sources() -> list[Path]:
    return [path for name in OURS for path in sorted((ROOT / name).rglob("*.py"))]


def calls(path: Path) -> Iterator[ast.Call]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from (item for item in ast.walk(tree) if isinstance(item, ast.Call))


def name_of(call: ast.Call) -> str:
    called = call.func
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def place(path: Path, call: ast.Call) -> str:
    return f"{path.relative_to(ROOT)}:{call.lineno}"


def is_plain(text: ast.expr) -> bool:
    """Whether words stand in a text itself; one that only joins others has none."""
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    written = [str(item.value) for item in parts if isinstance(item, ast.Constant)]
    return any(letter.isalpha() for letter in "".join(written))


@pytest.fixture(scope="module")
def catalog() -> set[str]:
    """Everything that `pybabel extract -F pyproject.toml .` finds."""
    mapping = [(item["pattern"], item["method"]) for item in BABEL["mappings"]]
    keywords = {word: (1, 2) if "plural" in word or word == "ngettext" else None for word in DOORS}
    found: set[str] = set()
    for folder in (*OURS, "templates"):
        for _file, _line, message, _notes, _context in extract_from_dir(
            ROOT / folder, method_map=mapping, keywords=keywords
        ):
            found |= {message} if isinstance(message, str) else set(message)
    return found


def test_the_extraction_finds_texts_of_code_templates_and_plugins(catalog: set[str]):
    assert {
        "There is no such service.",
        "Consumer key",
        "This is needed.",
        "%(num)s workflow run waits",
    } <= catalog
    assert len(catalog) > 500


def test_no_text_is_translated_that_no_extraction_finds():
    hidden = [
        place(path, call)
        for path in sources()
        for call in calls(path)
        if isinstance(call.func, ast.Name)
        and call.func.id in DOORS
        and not (call.args and isinstance(call.args[0], ast.Constant))
        and path.name != "words.py"
    ]

    assert hidden == [], "give _() the text itself, or make it with later() where it stands"


def test_no_template_translates_a_variable(app: Flask):
    hidden = [
        f"{name}:{call.lineno}"
        for name in app.jinja_env.list_templates()
        for call in app.jinja_env.parse(
            app.jinja_env.loader.get_source(app.jinja_env, name)[0]
        ).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name)
        and call.node.name in DOORS
        and not isinstance(call.args[0], nodes.Const)
    ]

    assert hidden == []


def test_no_fault_of_a_page_is_a_plain_text():
    plain = [
        place(path, call)
        for path in sources()
        if not any(word in path.relative_to(ROOT).as_posix() for word in ENGLISH)
        for call in calls(path)
        if name_of(call) in ERRORS and call.args and is_plain(call.args[0])
    ]

    assert plain == [], "let its reader have it in their language: _(...)"


def test_every_sentence_about_the_surroundings_is_found(catalog: set[str]):
    kept = [*faults.SQLITE.values(), *faults.POSTGRESQL.values()]

    # What fills a sentence in is looked up when it is shown.
    assert {item._args[0] for item in kept} - catalog == set()
    assert all(type(item) is not str for item in kept), "make it with later()"


def test_every_sentence_about_an_answer_of_x_is_found(catalog: set[str]):
    assert {str(row.sentence) for row in ROWS} - catalog == set()
    assert all(type(row.sentence) is not str for row in ROWS), "make it with later()"


def test_quotes_and_apostrophes_are_those_of_print(catalog: set[str]):
    typed = re.compile(r"\w'\w|\w' |\"")
    # The contract's own sentence joins the others once the contract changes.
    later = {"%(network)s cannot be reached. Check this host's network."}

    assert {item for item in catalog if typed.search(item)} - later == set()
