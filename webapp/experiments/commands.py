"""Commands that show what came of experiments, and reckon it again."""

import sys

import click
from sqlalchemy import select

from webapp.deliveries.commands.shared import find
from webapp.deliveries.models import Delivery, ExperimentPlan
from webapp.experiments import telling
from webapp.experiments.checking import Check, check
from webapp.kernel.cli.console import Console, as_json, emit, pass_console, table
from webapp.kernel.cli.group import Group
from webapp.kernel.cli.numbers import NUMBER

MOST = 50


@click.group(cls=Group)
def experiment() -> None:
    """Look at experiments, and reckon their verdicts again."""


@experiment.command("list")
@as_json
@pass_console
def list_experiments(console: Console, *, as_json: bool) -> None:
    """List the fifty newest experiments.

    Example: ./run experiment list
    """
    query = (
        select(Delivery)
        .join(ExperimentPlan, ExperimentPlan.delivery_id == Delivery.id)
        .where(Delivery.listed())
        .order_by(Delivery.id.desc())
    )
    with console.looking() as runtime:
        rows = [
            {"id": item.id, "label": item.label, "state": item.state.value}
            for item in runtime.session.scalars(query.limit(MOST))
        ]
        emit(rows, table(rows, "There is no experiment yet."), as_json=as_json)


@experiment.command()
@click.argument("delivery_id", metavar="NUMBER", type=NUMBER)
@as_json
@pass_console
def verify(console: Console, delivery_id: int, *, as_json: bool) -> None:
    """Reckon an experiment again from its messages, clicks and replies, and compare its seal.

    It ends with 1 where the plan is not the sealed one, or somebody got another text than the plan
    gives them.

    Example: ./run experiment verify 14
    """
    with console.looking() as runtime:
        found = find(runtime, delivery_id)
        told = check(runtime, found)
        emit(
            telling.as_values(found, told), _text(told, telling.lines(told.judged)), as_json=as_json
        )
    if not told.holds:
        sys.exit(1)


def _text(told: Check, lines: list[str]) -> str:
    judged = told.judged
    seal = "The seal holds." if judged.is_sealed else "The plan or a text is not what was sealed."
    astray = f" {len(told.astray)} are astray: {told.astray[:5]}." if told.astray else ""
    twice = f" {told.twice} people have two." if told.twice else ""
    got = f"{told.checked} people have what the plan gives them.{astray}{twice}"
    if judged.kept_at:
        got = f"Its messages left; this was found on {judged.kept_at:%Y-%m-%d}."
    return "\n".join(filter(None, [seal, got, telling.left(judged), *lines]))
