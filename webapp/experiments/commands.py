"""Commands that show what came of experiments, and reckon it again."""

import sys
from decimal import Decimal

import click
from sqlalchemy import select

from webapp.deliveries.commands.shared import find
from webapp.deliveries.models import Delivery, ExperimentPlan
from webapp.deliveries.models.experiment import WHOLE
from webapp.experiments import planner, telling
from webapp.experiments.arms import LETTERS
from webapp.experiments.checking import Check, check
from webapp.kernel.cli.console import Console, as_json, emit, pass_console, table
from webapp.kernel.cli.group import Group
from webapp.kernel.cli.numbers import NUMBER, Percent

MOST = 50
PERCENT = Percent(least=Decimal("0.01"), most=Decimal("99.99"))
HELD = Percent(least=Decimal(0), most=Decimal(99))
LIFT = Percent(least=Decimal(1), most=Decimal(10_000))


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


@experiment.command()
@click.option("--people", type=NUMBER, help="How many there are, the held out among them.")
@click.option("--expected", type=PERCENT, required=True, help="How many of a hundred do it.")
@click.option("--lift", type=LIFT, help="How many per cent more are to be shown, such as 50.")
@click.option("--arms", type=click.IntRange(1, len(LETTERS)), default=2, help="Texts, at most 4.")
@click.option("--held-out", type=HELD, default=Decimal(0), help="Per cent who get nothing.")
@as_json
def plan(  # noqa: PLR0913 - one for each option
    *,
    people: int | None,
    expected: Decimal,
    lift: Decimal | None,
    arms: int,
    held_out: Decimal,
    as_json: bool,
) -> None:
    """Say which difference so many people show, or how many show a difference.

    Nothing is stored. All texts have the same share.

    Example: ./run experiment plan --expected 2 --lift 50 --people 20000 --held-out 10
    """
    if people is None and lift is None:
        raise click.UsageError("Say how many --people there are, or which --lift is to be shown.")
    if arms == 1 and not held_out:
        raise click.UsageError("One text shows nothing by itself: add --arms, or --held-out.")
    if lift is not None and expected * (100 + lift) >= WHOLE * 100:
        raise click.UsageError(f"{lift} % more than {expected} % is more than everybody.")
    wanted = planner.Wanted(
        share=float(expected) / WHOLE,
        arms=arms,
        held_out=float(held_out) / WHOLE,
        people=people,
        lift=None if lift is None else float(lift) / WHOLE,
    )
    answers = planner.told(wanted)
    emit(planner.as_values(wanted, answers), planner.text(wanted, answers), as_json=as_json)


def _text(told: Check, lines: list[str]) -> str:
    judged = told.judged
    seal = "The seal holds." if judged.is_sealed else "The plan or a text is not what was sealed."
    astray = f" {len(told.astray)} are astray: {told.astray[:5]}." if told.astray else ""
    twice = f" {told.twice} people have two." if told.twice else ""
    got = f"{told.checked} people have what the plan gives them.{astray}{twice}"
    if judged.kept_at:
        got = f"Its messages left; this was found on {judged.kept_at:%Y-%m-%d}."
    return "\n".join(filter(None, [seal, got, telling.left(judged), *lines]))
