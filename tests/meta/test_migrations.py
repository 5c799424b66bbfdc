"""A migration that landed stays as it is: databases that took it never take it again."""

import hashlib
import re
from pathlib import Path

VERSIONS = Path(__file__).parents[2] / "webapp" / "migrations" / "versions"
# A line for each migration in their order: its revision, and the hash of what it does.
LANDED = Path(__file__).with_name("migrations.txt")
# Where a migration stands may change until it lands, and is held by the order of the lines.
PLACE = re.compile(r"^(down_revision = .*|Revises: .*)\n", re.MULTILINE)
BEFORE = re.compile(r'^down_revision = (?:"(\w+)"|None)$', re.MULTILINE)
REVISION = re.compile(r'^revision = "(\w+)"$', re.MULTILINE)


def hashed(text: str) -> str:
    return hashlib.sha256(PLACE.sub("", text).encode()).hexdigest()


def in_order() -> list[tuple[str, str]]:
    """Each migration after the one it stands on: its revision and its text."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(VERSIONS.glob("*.py"))]
    after = {BEFORE.search(text)[1]: text for text in texts}
    found, last = [], None
    while text := after.pop(last, None):
        last = REVISION.search(text)[1]
        found.append((last, text))
    assert not after, "Migrations that stand on none of the others."
    return found


def test_no_migration_that_landed_was_changed_moved_or_removed():
    landed = [tuple(line.split()) for line in LANDED.read_text(encoding="utf-8").splitlines()]
    now = [(revision, hashed(text)) for revision, text in in_order()]

    assert now[: len(landed)] == landed, "Make a new migration instead of changing one."
    new = "\n".join(" ".join(line) for line in now[len(landed) :])
    assert not new, f"Add to {LANDED.name}:\n{new}"


def test_a_change_of_what_a_migration_does_is_seen_and_one_of_its_place_is_not():
    text = in_order()[1][1]
    moved = BEFORE.sub('down_revision = "ffffffffffff"', text)

    assert moved != text
    assert hashed(moved) == hashed(text)
    assert hashed(text.replace("unique=False", "unique=True", 1)) != hashed(text)
