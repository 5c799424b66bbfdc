"""Sentences name the command as their reader can type it."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from webapp.kernel.config import command_name
from webapp.kernel.config.command_name import RUN

ROOT = Path(__file__).parents[3]
SCRIPT = "import sys; from webapp.cli import main; sys.argv[0] = '/opt/bin/fanfare'; main()"
WAYS = {
    "./run": ([sys.executable, "-m", "webapp"], {command_name.VARIABLE: "./run"}),
    "fanfare": ([sys.executable, "-c", SCRIPT], {}),
    "python -m webapp": ([sys.executable, "-m", "webapp"], {}),
}


def said(way: str, *words: str, **more: str) -> tuple[str, str, int]:
    command, told = WAYS[way]
    plain = {name: text for name, text in os.environ.items() if name != command_name.VARIABLE}
    done = subprocess.run(
        [*command, *words],
        env=plain | told | more,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout, done.stderr, done.returncode


@pytest.mark.parametrize("way", WAYS)
def test_help_mistakes_and_faults_name_it_as_it_was_called(way: str):
    help_, _err, _code = said(way, "worker", "--help")
    _out, mistake, _code = said(way, "wroker")
    _out, fault, code = said(way, "worker", FANFARE_ENCRYPTION_KEYS="none")

    assert f"Usage: {way} worker" in help_
    assert f"Example: {way} worker" in help_
    assert f"Usage: {way} " in mistake
    assert f"keys made by `{way} make-key`" in fault
    assert code == 1


def test_the_script_tells_its_name_to_all_it_starts():
    assert f"{command_name.VARIABLE}=./run" in (ROOT / "run").read_text(encoding="utf-8")


def test_a_web_server_names_the_script_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.delenv(command_name.VARIABLE)
    monkeypatch.setattr(sys, "argv", ["/opt/fanfare/.venv/bin/gunicorn"])
    here = str(RUN)
    monkeypatch.setattr(command_name, "CHECKOUT", tmp_path)

    assert (here, str(RUN)) == ("./run", "fanfare")


def test_the_version_is_told_on_demand():
    out, _err, code = said("fanfare", "--version")

    assert out == f"Fanfare {version('fanfare')}\n"
    assert code == 0
