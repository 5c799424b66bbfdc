"""Every script of findings/ has the one form, so that each is read and run like the others."""

import os
import re
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "findings"
SCRIPTS = sorted(FOLDER.glob("*.sh"))
HEADER = ("Finding", "Versions", "Seen", "Expected before")
# What each script needs below its header, and what goes wrong without it.
NEEDED = {
    r"^set -eu$": "goes on after a step that failed: write `set -eu`",
    r"\bmktemp -d\b": "works in a folder of somebody: make one by `mktemp -d`",
    r"^trap .*\brm -rf\b": "leaves its folder behind: remove it in a `trap`",
    r"\bexit 1\b": "cannot tell that the behaviour changed: end by `exit 1` and a sentence",
}
# Each way to install, and how a pinned version looks there.
INSTALLS = {r"\bpip[\"']? install\b": r"==|-r ", r"\bnpm (?:install|i)\b": r"@[\d$]"}


def faults(script: str) -> list[str]:
    """Say in sentences what a script lacks of the form."""
    first, _, rest = script.partition("\n")
    header = re.match(r"(?:#.*\n)*", rest)[0]
    code = rest[len(header) :].replace("\\\n", " ")
    said = re.findall(r"^# ([A-Z][a-z ]+): \S.*$", header, re.MULTILINE)
    found = [] if first == "#!/bin/sh" else ["begins with another line than `#!/bin/sh`"]
    if tuple(said) != HEADER:
        found.append(f"its header says {said} instead of {list(HEADER)}, each filled in")
    if not re.search(r"^# Versions: .*\d", header, re.MULTILINE):
        found.append("names no version")
    found += [why for what, why in NEEDED.items() if not re.search(what, code, re.MULTILINE)]
    for install, pinned in INSTALLS.items():
        lines = [line for line in code.splitlines() if re.search(install, line)]
        found += [f"pins no version: {line}" for line in lines if not re.search(pinned, line)]
    return found


def example() -> str:
    """The script that the folder's README shows."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    return text.rpartition("```sh\n")[2].partition("```\n")[0]


def understood(script: str) -> bool:
    """Tell whether a POSIX shell can read a script."""
    return not subprocess.run(["sh", "-n"], input=script, text=True, check=False).returncode


def test_the_example_of_the_readme_has_the_form():
    assert faults(example()) == []
    assert understood(example())


@pytest.mark.parametrize(
    ("taken", "put", "said"),
    [
        ("#!/bin/sh", "#!/bin/bash", "begins with"),
        ("# Seen: ('b', 'a')\n", "", "its header"),
        ("# Seen: ('b', 'a')\n", "# Seen:\n", "its header"),
        ("# Versions: click 8.1.8, CPython 3.11.", "# Versions: the newest.", "names no version"),
        ("set -eu\n", "", "set -eu"),
        ("rm -rf", "ls", "leaves its folder"),
        ("exit 1;", "exit 0;", "cannot tell"),
        ("click==8.1.8", "click", "pins no version"),
    ],
)
def test_a_script_that_lacks_a_part_is_told_which(taken: str, put: str, said: str):
    (fault,) = faults(example().replace(taken, put, 1))

    assert said in fault


def test_every_finding_has_the_form_and_can_be_run():
    scripts = {path.name: path.read_text(encoding="utf-8") for path in SCRIPTS}

    assert {name: found for name, script in scripts.items() if (found := faults(script))} == {}
    assert [name for name, script in scripts.items() if not understood(script)] == []
    assert [path.name for path in SCRIPTS if not os.access(path, os.X_OK)] == []
