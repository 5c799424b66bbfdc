"""Which kind a delivery is only its kind knows: what differs is asked of it, not decided outside.

A branch on the name of a kind would leave out each kind that comes later, such as a plugin's.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BRANCHES = (
    re.compile(r"DeliveryKind\.[A-Z]+"),
    re.compile(r"(delivery|template|start|message)\.kind(\.name|\.value)? *(==|!=|\bis\b|\bin\b)"),
    re.compile(r"\bkind(\.name|\.value)? *(==|!=) *[\"'](post|direct)[\"']"),
)
# The demo sends one of each; it decides nothing by them.
MAY = {"webapp/system/demo/story.py"}

# To whom a kind goes decides whose rows are read and written, which its object cannot do: it stands
# below them. All else, and each word, is asked of the kind itself, so this list only gets shorter.
BY_RECIPIENT = {
    "templates/deliveries/log.html": 1,
    "webapp/deliveries/analysis/preview.py": 2,
    "webapp/deliveries/analysis/rules/facts.py": 1,
    "webapp/deliveries/analysis/rules/repeats.py": 2,
    "webapp/deliveries/approval/recipients.py": 2,
    "webapp/deliveries/drafts/copying.py": 2,
    "webapp/deliveries/drafts/creation_options.py": 1,
    "webapp/deliveries/drafts/follow_ups.py": 1,
    "webapp/deliveries/drafts/validation.py": 1,
    "webapp/deliveries/proofs.py": 1,
    "webapp/deliveries/queries/live_review.py": 1,
    "webapp/deliveries/queries/log.py": 1,
    "webapp/deliveries/queries/shelf.py": 1,
    "webapp/deliveries/sending/refusal.py": 1,
    "webapp/deliveries/targeting/figures.py": 2,
    "webapp/deliveries/views/new.py": 1,
    "webapp/deliveries/views/show.py": 1,
    "webapp/deliveries/views/targeting.py": 1,
    "webapp/system/dashboard/first_steps.py": 2,
    "webapp/system/dashboard/todo.py": 1,
}


def branches(text: str) -> Iterator[str]:
    """Yield each place of a text that looks at which kind something is."""
    for pattern in BRANCHES:
        yield from (found[0] for found in pattern.finditer(text))


def places() -> Iterator[Path]:
    """Yield the files in which no kind may be told from another."""
    for path in [*ROOT.glob("webapp/**/*.py"), *ROOT.glob("templates/**/*.html")]:
        name = path.relative_to(ROOT).as_posix()
        if name not in MAY and not name.startswith(
            ("webapp/deliveries/kinds/", "webapp/migrations/")
        ):
            yield path


def test_nothing_outside_the_kinds_asks_which_kind_a_delivery_is() -> None:
    found = {str(path): list(branches(path.read_text())) for path in places()}

    assert {path: list(words) for path, words in found.items() if words} == {}


def test_what_differs_by_recipient_is_decided_in_few_known_places() -> None:
    asked = {
        path.relative_to(ROOT).as_posix(): path.read_text().count("kind.to_people")
        for path in places()
    }

    assert {path: number for path, number in asked.items() if number} == BY_RECIPIENT


@pytest.mark.parametrize(
    "text",
    [
        "if delivery.kind is DeliveryKind.POST:",
        "{% if template.kind.name == 'direct' %}",
        "{{ 'a' if delivery.kind == kind }}",
        "if kind == 'post':",
    ],
)
def test_a_branch_on_a_kind_would_be_found(text: str) -> None:
    assert list(branches(text))
