"""The core names no network: what is one network's own stands in its plugin."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
# A sign before a name that is filled in: only a channel knows what stands there.
SIGN = re.compile(r"""@%[(s]|@\{(?!%)|(?<![\w.])["']@["']""")
# What else such a sign is: of an address, and of a name that people give themselves.
OTHERWISE = {
    "webapp/operators/team.py": "splits addresses of mail",
    "webapp/audience/greetings.py": "knows a name that is a handle by its first sign",
}


def lines(*endings: str) -> Iterator[tuple[str, int, str]]:
    """Every line of the core that people may read, without migrations and what others wrote."""
    listed = subprocess.run(
        ["git", "ls-files", "webapp", "templates", "static"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.split():
        if name.endswith(endings) and "/vendor/" not in name and "/migrations/" not in name:
            text = (ROOT / name).read_text(encoding="utf-8")
            yield from ((name, number, line) for number, line in enumerate(text.splitlines(), 1))


def test_no_sign_of_a_network_stands_before_a_name() -> None:
    found = [
        f"{name}:{number} {line.strip()}"
        for name, number, line in lines(".py", ".html", ".js")
        if name not in OTHERWISE and SIGN.search(line)
    ]

    assert found == []


def test_what_is_excused_from_it_still_has_such_a_sign() -> None:
    signed = {name for name, _number, line in lines(".py") if SIGN.search(line)}

    assert set(OTHERWISE) <= signed
