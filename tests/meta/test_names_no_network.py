"""The core names no network: what is one network's own stands in its plugin."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A sign before a name that is filled in: only a channel knows what stands there.
SIGN = re.compile(r"""@%[(s]|@\{(?!%)|(?<![\w.])["']@["']""")
# What else such a sign is: of an address, and of a name that people give themselves.
OTHERWISE = {
    "webapp/operators/accounts/team.py": "splits addresses of mail",
    "webapp/profiles/addresses.py": "splits addresses of mail",
    "webapp/audience/greetings.py": "knows a name that is a handle by its first sign",
}
# What one network calls its people and things.
WORDS = re.compile(
    r"\b(re)?tweets?\b|\btwitter\b|\bfollowers?\b(?!\.)|(?<!OS )\bX\b(?!\.)", re.IGNORECASE
)
MONEY = re.compile(r"\$(?=[\d{])|\bdollars?\b", re.IGNORECASE)
JINJA = re.compile(r"\{#.*?#\}|\{[{%](.*?)[%}]\}", re.DOTALL)
QUOTED = re.compile(r"""'([^']*)'|"([^"]*)\"""")


def files(*endings: str) -> Iterator[tuple[str, str]]:
    """Every file of the core, without migrations and what others wrote."""
    command = ["git", "ls-files", "webapp", "templates", "static"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.split():
        if name.endswith(endings) and "/vendor/" not in name and "/migrations/" not in name:
            yield name, (ROOT / name).read_text(encoding="utf-8")


def sentences(name: str, text: str) -> Iterator[str]:
    """What of a file people may read: texts with a blank in them, and those between tags."""
    if name.endswith(".py"):
        tree = ast.parse(text)
        told = {id(item.value) for item in ast.walk(tree) if isinstance(item, ast.Expr)}
        for item in ast.walk(tree):
            plain = isinstance(item, ast.Constant) and isinstance(item.value, str)
            if plain and id(item) not in told and " " in item.value.strip():
                yield item.value
        return
    for found in JINJA.finditer(text):
        for quoted in QUOTED.finditer(found[1] or ""):
            if " " in (words := quoted[1] or quoted[2] or ""):
                yield words
    yield re.sub(r"<[^>]*>", "\n", JINJA.sub("", text))


def test_no_sign_of_a_network_stands_before_a_name() -> None:
    found = [
        f"{name}: {line.strip()}"
        for name, text in files(".py", ".html", ".js")
        for line in text.splitlines()
        if name not in OTHERWISE and SIGN.search(line)
    ]

    assert found == []


def test_what_is_excused_from_it_still_has_such_a_sign() -> None:
    assert set(OTHERWISE) <= {name for name, text in files(".py") if SIGN.search(text)}


@pytest.mark.parametrize("pattern", [WORDS, MONEY], ids=["words", "money"])
def test_no_sentence_of_the_core_has_what_is_a_networks_own(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name}: {said.strip()}"
        for name, text in files(".py", ".html")
        for said in sentences(name, text)
        if pattern.search(said)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", "say('%(n)s followers')"),
        ("a.py", "say(f'costs ${amount}')"),
        ("a.py", "say('Write an amount in dollars.')"),
        ("a.html", "<b>{{ _('Read the followers') }}</b>"),
        ("a.html", '<b>Followers <i title="x">of it</i></b>'),
        ("a.html", "{{ _('Connect to X') }}"),
    ],
)
def test_a_word_of_a_network_is_found_where_people_read_it(name: str, text: str) -> None:
    said = "\n".join(sentences(name, text)) + (text if "$" in text else "")

    assert WORDS.search(said) or MONEY.search(said)


@pytest.mark.parametrize(
    ("name", "text"), [("a.py", "len(account['followers'])"), ("a.html", "{{ item.followers }}")]
)
def test_a_name_in_code_is_no_word(name: str, text: str) -> None:
    assert not WORDS.search("\n".join(sentences(name, text)))
