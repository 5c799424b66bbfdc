"""What git keeps: no private address, no unused template, every migration can go back."""

import ast
import re
import subprocess
from pathlib import Path

from webapp.cli import words as commands

ROOT = Path(__file__).parents[2]
LISTED = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).splitlines()
FILES = [ROOT / name for name in LISTED if (ROOT / name).is_file()]
CREDENTIALS = re.compile(rb"[a-z][a-z0-9+.-]*://[^\s/:@\"'<>{}]+:([^\s/@\"'<>{}]+)@")
MACHINE = re.compile(rb"(?<![\w.])/(?:root|home/\w+|Users/\w+|work/\w+)/")
INDEX = re.compile(rb"--(?:extra-)?index-url|--find-links|https?://[^\s\"']*/simple\b")
# These stand in documents and tests for a password that somebody chooses.
MADE_UP = {b"PASSWORD", b"password", b"secret"}
# Texts that X's library publishes to test what a link is.
MADE_UP |= {b"PASSW0RD", b"pass[word]"}
# Areas of tests that are not a folder of the product.
AREAS = {"meta", "stories", "processes", "faults", "bench", "installed", "screenshots"}
AREAS |= {"example_channel", "specimen_channel", "plugins", "channels"}


def found(pattern: re.Pattern[bytes]) -> list[str]:
    """Where a pattern stands in what git keeps, but for what others wrote and this file."""
    return [
        f"{path.relative_to(ROOT)}: {hit[0].decode(errors='replace')}"
        for path in FILES
        if "vendor" not in path.parts and path != Path(__file__)
        for hit in pattern.finditer(path.read_bytes())
        if not hit.groups() or hit[1] not in MADE_UP
    ]


def test_no_file_holds_an_address_with_credentials():
    assert found(CREDENTIALS) == []


def test_no_file_names_a_package_index():
    assert found(INDEX) == []


def test_no_file_names_a_folder_of_somebody_s_machine():
    assert found(MACHINE) == []


def test_lock_files_hold_no_address():
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_every_template_is_used():
    texts = [path.read_text(encoding="utf-8") for path in FILES if path.suffix in {".py", ".html"}]
    everything = "\n".join(texts)
    # The slots of channels are put together from their name and the kind of the channel.
    slots = {path for path in FILES if re.search(r"templates/channels/([a-z]+/|_)", str(path))}
    unused = [
        name
        for path in FILES
        if path.suffix == ".html"
        and "templates" in path.parts
        and path not in slots
        and "tests" not in path.relative_to(ROOT).parts
        if (name := str(path).rsplit("templates/", 1)[1])
        and f"{name}'" not in everything
        and f'{name}"' not in everything
    ]

    assert unused == []


def test_every_migration_can_be_undone_or_says_why_not():
    for path in sorted((ROOT / "webapp/migrations/versions").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        downgrades = [
            node
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and node.name == "downgrade"
        ]
        assert downgrades, path.name
        only = downgrades[0].body[-1]
        assert not isinstance(only, ast.Pass), f"{path.name}: raise with a sentence why not"


def test_every_test_stands_in_an_area_of_the_product():
    domains = {path.name for path in (ROOT / "webapp").iterdir() if path.is_dir()}
    areas = {
        name.split("/")[1] for name in LISTED if re.fullmatch(r"tests/[^/]+/.*test_\w+\.py", name)
    }

    assert areas - domains - AREAS == set()


def test_the_changelog_begins_with_what_is_not_released():
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert headings[0] == "Unreleased"


def test_every_command_that_a_document_shows_exists():
    documents = [path for path in FILES if path.suffix == ".md"]
    own = set(re.findall(r"^  ([a-z|]+)\)", (ROOT / "run").read_text(), re.MULTILINE))
    words = {word for group in own for word in group.split("|")}
    words |= set(commands())

    shown = {
        (path.name, word)
        for path in documents
        for word in re.findall(r"\./run ([a-z][a-z-]+)", path.read_text(encoding="utf-8"))
    }

    assert {item for item in shown if item[1] not in words} == set()
