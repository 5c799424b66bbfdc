"""`run` says what it installs on a machine before it does so."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A machine whose Python cannot make environments, and whose apt-get can do nothing about it.
TOOLS = {
    "id": 'case $* in -u) echo "$WHO" ;; *) exit 1 ;; esac',
    "python3": 'case $* in *"-m venv"*) exit 1 ;; esac',
    "apt-get": 'echo "$*" >> "$CALLS"; cp "$SAID" "$CALLS.said"',
}


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine with a few tools, for a copy of `run` in the folder."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, script in TOOLS.items():
        (tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (tools / name).chmod(0o755)
    for name in ("sh", "cat", "cksum", "cut", "dirname", "rm", "cp"):
        (tools / name).symlink_to(shutil.which(name) or name)
    for name in ("run", "pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path)
    return {"PATH": str(tools), "CALLS": str(tmp_path / "calls"), "SAID": str(tmp_path / "said")}


def said_by(machine: dict[str, str], who: int) -> str:
    """Run it as a user of that number; return what it said, the last line being why it gave up."""
    said = Path(machine["SAID"])
    with said.open("w") as file:
        done = subprocess.run(
            ["sh", "run", "demo"],
            env=machine | {"WHO": str(who)},
            cwd=said.parent,
            stderr=file,
            check=False,
        )
    assert done.returncode == 1
    return said.read_text()


def test_what_it_installs_is_said_first(machine: dict[str, str]):
    said_by(machine, who=0)

    before = Path(f"{machine['CALLS']}.said").read_text().splitlines()
    assert before == [
        "run: installing the packages of requirements.lock into .venv, once; "
        "this takes a minute or two",
        "run: installing Debian's package python3-venv, which makes environments of Python",
    ]
    assert "install" in Path(machine["CALLS"]).read_text()


def test_who_may_not_install_is_told_what_to_install(machine: dict[str, str]):
    said = said_by(machine, who=1000)

    assert said.endswith("on Debian: apt-get install python3-venv\n")
    assert not os.path.lexists(machine["CALLS"])
