"""`docs/plugins.md` tells a plugin author all of the contract, and quotes the example as it is."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from channels import inspection
from plugins.x.channel import XChannel
from tests.meta.contract_reference import entries, section
from webapp.audience.inbox import reader
from webapp.kernel.config.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "tests" / "example_channel"
QUOTED = ("pyproject.toml", "fanfare_notice.py", "test_contract.py")


HEADINGS = sorted({heading for heading, _row in entries()})


@pytest.mark.parametrize("heading", HEADINGS)
def test_everything_of_the_contract_is_documented(heading: str):
    below = section(DOCS, heading)

    assert below is not None, f"docs/plugins.md lacks the heading: {heading}"
    missing = [row for where, row in entries() if where == heading and row not in below]
    lines = "\n".join(f"{row} ... |" for row in missing)
    assert not missing, f"Add to docs/plugins.md, below {heading}\n{lines}"
    assert re.sub(r"[|`\s-]", "", below), f"docs/plugins.md says nothing below {heading}"


@pytest.mark.parametrize("hook", inspection.HOOKS)
def test_every_hook_says_when_it_is_called_and_what_an_exception_does(hook: str):
    heading = next(item for item, _row in entries() if item.startswith(f"### `{hook}("))
    below = section(DOCS, heading) or ""

    assert "Called" in below, f"Say below {heading} when it is *Called*."
    assert "exception" in below, f"Say below {heading} what an *exception* does."


@pytest.mark.parametrize(
    "words",
    [
        "more than a minute before the newest",
        "50 pages are read in one go",
        "within the last\n15 minutes",
        "while for an hour none could be read",
        "every 20 seconds",
    ],
)
def test_when_a_walk_ends_and_a_stop_is_heard_is_told_as_the_core_does_it(words: str):
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    does = (reader.OVERLAP, reader.MOST_PAGES, reader.FRESH, reader.LATEST)

    assert does == (minute, 50, 15 * minute, hour), "Say it anew in docs/plugins.md, and here."
    assert Settings.__dataclass_fields__["batch_seconds"].default == 20
    assert words in (section(DOCS, "### `Inbox`") or "")


@pytest.mark.parametrize("name", QUOTED)
def test_the_example_is_quoted_as_it_is_tested(name: str):
    ours = (EXAMPLE / name).read_text(encoding="utf-8").strip()

    # An author's module stands beside its test, ours in a folder of tests.
    theirs = ours.replace("from tests.example_channel.", "from ")

    assert theirs in DOCS, f"Copy tests/example_channel/{name} into docs/plugins.md again."


def test_every_command_of_the_page_is_there_for_who_begins_with_nothing():
    begin = DOCS[: DOCS.index("## How plugins are found")]

    lines = "".join(re.findall(r"```sh\n(.*?)```", begin, re.DOTALL)).splitlines()

    assert lines
    known = (".venv/bin/python -m ", "./run", "cd ", "mkdir ", "python3 -m venv ")
    assert [line for line in lines if not line.startswith(known)] == []


def test_no_row_documents_what_is_gone():
    known = {row for _heading, row in entries()}
    reference = DOCS[DOCS.index("## Reference") :]
    cells = re.findall(r"^(\| `[^`]+` \|)", reference, re.MULTILINE)

    gone = [cell for cell in cells if not any(row.startswith(cell) for row in known)]

    assert gone == []


def test_the_example_names_the_group_that_the_core_reads():
    own = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]
    example = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]["entry-points"]

    assert list(own) == list(example) == ["fanfare.channels"]
    assert XChannel.kind in own["fanfare.channels"]


def test_the_readme_leads_to_it():
    assert "docs/plugins.md" in (ROOT / "README.md").read_text(encoding="utf-8")
