"""The vendored files are what VENDOR.txt says, and a first page stays light."""

import gzip
import hashlib
import re
from pathlib import Path

STATIC = Path(__file__).parents[2] / "static"
VENDOR = STATIC / "vendor"
LINES = 250
BUDGET = 250_000


def rows() -> list[list[str]]:
    """The rows of VENDOR.txt: file, package, version, licence, licence text, checksum."""
    lines = (VENDOR / "VENDOR.txt").read_text().splitlines()
    return [line.split(" | ") for line in lines if line.count(" | ") == 5][1:]


def own_files() -> list[Path]:
    return [
        path
        for pattern in ("*.css", "*.js")
        for path in STATIC.rglob(pattern)
        if VENDOR not in path.parents
    ]


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes()))


def test_every_vendored_file_stands_in_the_list():
    listed = {row[0] for row in rows()}
    there = {path.name for path in VENDOR.iterdir() if path.is_file()}

    assert there == listed | {"VENDOR.txt"}


def test_every_vendored_file_is_unchanged():
    changed = [
        row[0]
        for row in rows()
        if hashlib.sha256((VENDOR / row[0]).read_bytes()).hexdigest() != row[5]
    ]

    assert changed == []


def test_every_vendored_file_names_its_version_and_licence():
    assert all(version in file for file, _, version, *_ in rows())
    assert all((VENDOR / "licences" / text).read_text().strip() for *_, text, _ in rows())


def test_the_list_holds_no_address():
    assert "://" not in (VENDOR / "VENDOR.txt").read_text()


def test_our_own_files_stay_short():
    long = {path.name: len(path.read_text().splitlines()) for path in own_files()}

    assert {name: count for name, count in long.items() if count >= LINES} == {}


def test_every_token_that_is_used_is_defined():
    sheets = "\n".join(path.read_text() for path in own_files() if path.suffix == ".css")

    used = set(re.findall(r"var\((--ff-[\w-]+)", sheets))
    defined = set(re.findall(r"^\s*(--ff-[\w-]+):", sheets, re.MULTILINE))

    assert used - defined == set()


def test_a_first_page_load_stays_under_its_budget():
    page = (STATIC.parent / "templates" / "_html.html").read_text()
    named = re.findall(r"'((?:[\w-]+/)*[\w.-]+\.(?:css|js|woff2|svg))'", page)
    weight = sum(packed(STATIC / name) for name in {*named, "icons.svg"})

    assert weight < BUDGET
    assert "vendor/tabler-1.6.1.min.css" in named


def test_scripts_import_nothing_so_that_each_address_carries_its_hash():
    imports = re.compile(r"^\s*(import|export) ", re.MULTILINE)

    importing = [
        path.name
        for path in own_files()
        if path.suffix == ".js" and imports.search(path.read_text())
    ]

    assert importing == []
