"""An environment of its own with Fanfare's wheel and two plugins' wheels, made once."""

import json
import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "tests" / "example_channel"


@dataclass(frozen=True)
class Installed:
    """An environment and an instance in it; nothing of the checkout is on its path."""

    home: Path
    wheel: Path

    @property
    def environ(self) -> dict[str, str]:
        kept = {name: text for name, text in os.environ.items() if not name.startswith("FANFARE")}
        return {**kept, "FANFARE_VAR": str(self.home / "var"), "DATABASE_URL": ""}

    def run(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a program of the environment."""
        program = self.home / "bin" / words[0]
        return subprocess.run(
            [program, *words[1:]],
            cwd=self.home,
            env=self.environ,
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def json(self, *words: str, given: str = "") -> Any:
        """Run a program and read what it printed; fail with what it said instead."""
        done = self.run(*words, given=given)
        try:
            return json.loads(done.stdout)
        except ValueError as cause:
            raise AssertionError(f"{words} said {done.stdout} {done.stderr}") from cause


def build(folder: Path, out: Path) -> Path:
    """Build the wheel of a distribution and return it."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", out],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return max(out.glob("*.whl"), key=lambda path: path.stat().st_mtime_ns)


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheels, installed with pip without any index; dependencies are those of this run."""
    home, out = tmp_path_factory.mktemp("installed"), tmp_path_factory.mktemp("wheels")
    own = build(ROOT, out)
    wheels = [own, build(EXAMPLE, out), build(EXAMPLE / "broken", out)]
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    python = home / "bin" / "python"
    install = [sys.executable, "-m", "pip", "-q", "--python", python, "install"]
    subprocess.run([*install, "--no-deps", "--no-index", *wheels], check=True)
    packages = next((home / "lib").glob("python*")) / "site-packages"
    # Its own packages come first, and an editable install of the checkout is not followed.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    made = Installed(home=home, wheel=own)
    assert made.run("fanfare", "db", "create").returncode == 0
    return made
