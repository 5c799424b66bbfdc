"""Commands about the instance: its processes, database, keys, plugins and health."""

from dataclasses import asdict
from signal import SIGINT, SIGTERM, signal

import click

from webapp.kernel import faults, schema
from webapp.kernel.cli.console import Console, as_json, emit, pass_console, table
from webapp.kernel.cli.group import Group
from webapp.kernel.config import instance_files, location
from webapp.kernel.db import db
from webapp.kernel.instance import read_settings
from webapp.kernel.processes.shutdown import Stop
from webapp.kernel.secret_box import new_key
from webapp.services import key_rotation
from webapp.system import health
from webapp.system.demo.story import tell
from webapp.system.health.part import Part
from webapp.system.processes.scheduler import run_scheduler
from webapp.system.processes.supervisor.up import serve
from webapp.system.processes.worker import run_worker
from webapp.system.setup import sandbox_removal, upgrading

# What the sandbox invents people for.
MOST_FOLLOWERS = 10_000_000


@click.command()
def up() -> None:
    """Start everything: broker, web, workers, scheduler, sandbox. Ctrl-C ends all of it.

    Example: ./run
    """
    serve(read_settings())


@click.command()
@click.option("--once", is_flag=True, help="End once the main job is done.")
@click.option(
    "--followers",
    type=click.IntRange(0, MOST_FOLLOWERS),
    default=5000,
    show_default=True,
    help="People of the brand's audience.",
)
@as_json
@pass_console
@click.pass_context
def demo(
    context: click.Context, console: Console, *, once: bool, followers: int, as_json: bool
) -> None:
    """Do the whole main job against the sandbox, then stay up to look around.

    It plays in a temporary folder that goes away with it, on a port of its own unless FANFARE_PORT
    names one. It takes no other setting of an instance and refuses FANFARE_VAR. With --json it
    gives, for each delivery, how many messages Fanfare sent and how many the sandbox accepted.

    Example: ./run demo --once --followers 1000
    """
    if not tell(console.make_app, followers=followers, once=once, as_json=as_json):
        context.exit(1)


@click.command()
@click.option("--burst", is_flag=True, help="End when the queue is empty.")
@pass_console
def worker(console: Console, *, burst: bool) -> None:
    """Run one worker.

    Example: ./run worker
    """
    run_worker(console.ready_app(), burst=burst)


@click.command()
@pass_console
def scheduler(console: Console) -> None:
    """Run the scheduler; a second one stands by.

    Example: ./run scheduler
    """
    stop = Stop()
    for number in (SIGINT, SIGTERM):
        signal(number, stop.ask)
    run_scheduler(console.ready_app(), stop)


@click.command("make-key")
def make_key() -> None:
    """Print a fresh key for FANFARE_ENCRYPTION_KEYS.

    Example: ./run make-key > encryption.key
    """
    click.echo(new_key())


@click.command("rotate-keys")
@as_json
@pass_console
def rotate_keys(console: Console, *, as_json: bool) -> None:
    """Encrypt every secret again with the first of FANFARE_ENCRYPTION_KEYS.

    Example: ./run rotate-keys
    """
    with console.runtime() as runtime:
        number = key_rotation.rotate(runtime)
        emit({"rotated": number}, f"{number} secrets use the newest key.", as_json=as_json)


@click.command("remove-sandbox")
@as_json
@pass_console
def remove_sandbox(console: Console, *, as_json: bool) -> None:
    """Remove the accounts of every sandbox, with their people and deliveries, for good.

    Example: ./run remove-sandbox
    """
    with console.runtime() as runtime:
        found = sandbox_removal.remove(runtime)
        said = (
            f"{found.accounts} sandbox accounts, {found.people} people and "
            f"{found.deliveries} deliveries are removed."
        )
        emit(asdict(found), said, as_json=as_json)


@click.group("db", cls=Group)
def database() -> None:
    """Look after the database."""


@database.command()
@as_json
@pass_console
def create(console: Console, *, as_json: bool) -> None:
    """Make the database and the keys of a new instance where they are missing.

    No other command but ./run, up and demo makes any.

    Example: ./run db create
    """
    settings = read_settings()
    instance_files.establish(settings)
    _bring_up_to_date(console, as_json=as_json)


@database.command()
@as_json
@pass_console
def upgrade(console: Console, *, as_json: bool) -> None:
    """Bring the database up to date and add what every instance begins with.

    Example: ./run db upgrade
    """
    _bring_up_to_date(console, as_json=as_json)


def _bring_up_to_date(console: Console, *, as_json: bool) -> None:
    with console.bare_runtime() as runtime:
        done = upgrading.upgrade(runtime)
        instance_files.tighten(runtime.settings)
        name = location.database(db.engine.url)
    said = _of_steps(name, len(done.steps))
    if done.refusals:
        said += (
            " Kept messages that are a refusal, or look like one, by the words of now: "
            f"{done.refusals}."
        )
    found = {"database": name, "migrations": done.steps, "refusals": done.refusals}
    emit(found, said, as_json=as_json)


def _of_steps(name: str, number: int) -> str:
    if not number:
        return f"The database {name} was up to date already."
    steps = "1 step" if number == 1 else f"{number} steps"
    return f"{steps} brought the database {name} up to date."


@database.command()
@as_json
@pass_console
def check(console: Console, *, as_json: bool) -> None:
    """Tell whether the database lacks a migration, or differs from what this version works on.

    Example: ./run db check
    """
    with console.bare_runtime():
        schema.refuse_unfit(db.engine)
        name = location.database(db.engine.url)
    found = {"database": name, "migrations": []}
    emit(found, f"The database {name} is up to date.", as_json=as_json)


@click.command("health")
@as_json
@pass_console
@click.pass_context
def show_health(context: click.Context, console: Console, *, as_json: bool) -> None:
    """Tell whether everything in the background runs; exit code 1 when something is down.

    Example: ./run health --json
    """
    parts = _parts_for_programs(console) if as_json else _parts(console)
    rows = [
        {"part": item.name, "ok": item.ok, "detail": item.detail, "fix": item.fix} for item in parts
    ]
    whole = [{**row, **item.figures} for row, item in zip(rows, parts, strict=True)]
    emit(whole, table(rows, ""), as_json=as_json)
    if not all(item.ok for item in parts):
        context.exit(1)


def _parts(console: Console) -> list[Part]:
    with console.looking() as runtime:
        return health.report(runtime).parts


def _parts_for_programs(console: Console) -> list[Part]:
    """Return every part; what keeps Fanfare from looking is a part at fault itself.

    A monitor reads JSON in any case, also of an instance whose settings or database are broken.
    """
    try:
        return _parts(console)
    except Exception as fault:
        said = faults.sentence(fault)
        if said is None:
            raise
        return [*health.without_database(), health.unusable(fault, said)]
