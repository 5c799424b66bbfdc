"""Files and functions stay small enough to be read at once."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
# What the longest line of a template has now; it only gets shorter, and 160 is what to aim at.
LONGEST_TEMPLATE_LINE = 810


def sources(*folders: str) -> list[Path]:
    """Every Python file that git keeps below the folders, but for generated migrations."""
    listed = subprocess.check_output(["git", "ls-files", *folders], cwd=ROOT, text=True)
    names = [name for name in listed.splitlines() if name.endswith(".py")]
    return [ROOT / name for name in names if "migrations/versions" not in name]


def long_functions(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{path.relative_to(ROOT)}: {node.name} has {length} lines"


def test_no_file_is_longer_than_it_should_be():
    found = [
        f"{path.relative_to(ROOT)}: {length} lines"
        for path in sources("channels", "plugins", "webapp", "tests")
        if (length := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    ]

    assert found == []


def test_no_line_of_a_template_is_longer_than_the_longest_was():
    found = [
        f"{path.relative_to(ROOT)}:{number} has {len(line)} signs"
        for folder in ("templates", "plugins")
        for path in (ROOT / folder).rglob("*.html")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > LONGEST_TEMPLATE_LINE
    ]

    assert found == []


def test_no_function_of_the_product_is_longer_than_it_should_be():
    found = [
        line for path in sources("channels", "plugins", "webapp") for line in long_functions(path)
    ]

    assert found == []
