"""The units that are shipped: a restart kills no job, and nobody is left waiting for a lease."""

import shutil
import subprocess

import pytest

from tests.processes.campaign import (
    DIRECT,
    befriend,
    connect,
    drive,
    ended,
    faults_of_both_records,
    set_out,
)
from tests.processes.plant import Plant, Process
from tests.processes.units import FOLDER, SERVICES, Unit, stop, words
from webapp.deliveries.models import Attempt, AttemptOutcome, Delivery, DeliveryKind, Message
from webapp.kernel.runtime import Runtime

MESSAGES, MIDDLE, HELD_SECONDS = 12, 4, 3
LOST_SECONDS = 12
WORKER = "fanfare-worker@.service"
TOOL = shutil.which("systemd-analyze")
LARGEST_EXPOSURE = 3.0

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_ends_its_process_alone_and_starts_it_again_for_as_long_as_it_takes(name: str):
    unit = Unit(name)

    assert unit["Service"]["KillMode"] == "mixed"
    assert unit["Service"]["Restart"] == "always"
    assert 1 <= int(unit["Service"]["RestartSec"]) <= 5
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert int(unit["Service"]["TimeoutStopSec"]) >= 20


def test_there_is_a_unit_for_each_kind_of_process_and_a_target_that_wants_them_all():
    wanted = Unit("fanfare.target")["Unit"]["Wants"].split()

    kinds = {name.partition("@")[0].removesuffix(".service") for name in wanted}
    assert kinds == {name.partition(".")[0].removesuffix("@") for name in SERVICES}
    assert kinds == {"fanfare-web", "fanfare-worker", "fanfare-scheduler"}


if TOOL:

    @pytest.mark.parametrize("name", SERVICES)
    def test_systemd_itself_finds_little_that_a_unit_leaves_open(name: str):
        done = subprocess.run(
            [TOOL, "security", "--offline=true", str(FOLDER / name)],
            capture_output=True,
            text=True,
            check=True,
        )

        said = next(line for line in done.stdout.splitlines() if "Overall exposure" in line)
        assert float(said.partition("service: ")[2].split()[0]) < LARGEST_EXPOSURE


@pytest.fixture
def lone(running: Plant) -> Process:
    """The only worker of an instance, started with the words of its unit."""
    for worker in running.workers:
        worker.kill()
    return running.processes["worker 0"]


def under_way(plant: Plant, seconds: float) -> None:
    """Set a delivery out and wait until the answer to one in its middle is kept back."""
    (brand,) = connect(plant, "ateliernord")
    befriend(plant, MESSAGES, brand)
    fault = {"kind": "slow", "operation": "direct", "seconds": seconds, "skip": MIDDLE}
    plant.ask("faults", fault)
    set_out(plant, DeliveryKind.DIRECT, DIRECT, [brand])
    # An open attempt alone could be that of the one before, whose answer is on its way.
    plant.wait(lambda: not plant.ask("faults")["faults"], "the one kept back")
    assert plant.look(open_attempts) == 1


def open_attempts(runtime: Runtime) -> int:
    return runtime.session.query(Attempt).filter(Attempt.outcome.is_(None)).count()


def doubtful(runtime: Runtime) -> int:
    return runtime.session.query(Attempt).filter_by(outcome=AttemptOutcome.UNKNOWN).count()


def held(runtime: Runtime) -> list[object]:
    """The leases that somebody would have to wait for."""
    session = runtime.session
    rows = [*session.query(Delivery.leased_until), *session.query(Message.leased_until)]
    return [row[0] for row in rows if row[0] is not None]


@pytest.mark.slow
@pytest.mark.parametrize("kill_mode", [Unit(WORKER)["Service"]["KillMode"], "control-group"])
def test_a_restart_in_the_middle_of_a_call_leaves_no_doubt_and_no_lease(
    running: Plant, lone: Process, kill_mode: str
):
    assert words(Unit(WORKER)) == lone.command[-1:] == ["worker"]
    lone.restart()
    under_way(running, HELD_SECONDS)

    with running.standing_still(running.processes["scheduler"]):
        stop(lone, kill_mode)
        left = running.look(held)
        accepted = running.ask("stats")["accepted_directs"]
    lone.restart()
    drive(running)

    assert left == []
    # The one under way was the last: nothing was begun after the signal.
    assert accepted == MIDDLE + 1
    assert running.look(doubtful) == running.look(open_attempts) == 0
    assert faults_of_both_records(running) == []
    assert set(ended(running)) <= {"sent", "failed"}


@pytest.mark.slow
def test_a_broker_that_goes_away_ends_no_call_and_its_workers_come_back(
    running: Plant, lone: Process
):
    lone.restart()
    under_way(running, LOST_SECONDS)
    broker = running.processes["broker"]

    broker.kill()
    # The worker tells the broker more than once meanwhile that its job goes on.
    running.wait(lambda: running.look(open_attempts) == 0, "the answer")
    broker.restart()

    assert running.look(doubtful) == 0
    drive(running)
    assert faults_of_both_records(running) == []
