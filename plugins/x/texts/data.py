"""Reads the facts about signs that stand beside this module."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files


@cache
def section(file: str, name: str) -> Sequence[str]:
    """Return the words under `[name]` in a file; lines behind a hash mark are remarks."""
    return _sections(file)[name]


@cache
def _sections(file: str) -> dict[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    words: list[str] = []
    for line in files(__package__).joinpath(file).read_text("utf-8").splitlines():
        if line.startswith("["):
            words = found.setdefault(line.strip("[]"), [])
        elif not line.startswith("# "):
            words += line.split()
    return {name: tuple(several) for name, several in found.items()}
