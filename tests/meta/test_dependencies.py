"""Every dependency stands in docs/dependencies.md with its reason, and nothing else does."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DOCS = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def plain(requirement: str) -> str:
    return re.split(r"[\[<>=!;~ ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def declared() -> set[str]:
    groups = [PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"].values()]
    return {plain(item) for group in groups for item in group}


def explained() -> dict[str, str]:
    rows = [row for row in ROW.findall(DOCS) if not row[0].startswith(("-", "distribution"))]
    return {
        name.strip().lower(): reason.strip() for names, reason in rows for name in names.split(",")
    }


def test_every_dependency_has_a_reason_and_every_reason_its_dependency():
    assert set(explained()) == declared()


def test_every_reason_says_something():
    assert [name for name, reason in explained().items() if len(reason) < 10] == []


def test_every_dependency_is_locked_with_hashes_in_both_files():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = re.split(r"\n(?=[a-z0-9])", text)
        unhashed = [pin.split()[0] for pin in pins if "==" in pin and "--hash=sha256:" not in pin]
        assert unhashed == []
        runtime = {plain(item) for item in PROJECT["project"]["dependencies"]}
        assert runtime - {plain(pin) for pin in pins} == set()
