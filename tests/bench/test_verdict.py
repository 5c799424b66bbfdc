"""A run that breaks a promise is told by its exit code and a sentence."""

from contextlib import nullcontext

import pytest

from tests.bench import __main__ as bench
from tests.bench import another, idle
from tests.bench.cases import Compared, Held
from tests.bench.stage import Result


def result(*, count: int, peak: int) -> Result:
    """What one child measured in a second."""
    return Result(count=count, seconds=1.0, waiting=0.0, working=1.0, calls=1, peak=peak)


def compared(
    *,
    size: int = 10_000,
    ratio: float = 0.6,
    peak: int = 100,
    task: str = "sync",
    before: int | None = None,
) -> Compared:
    """A case as it was measured."""
    return Compared(
        task=task,
        database="sqlite",
        size=size,
        bare=[result(count=100, peak=50)],
        fanfare=[result(count=round(100 * ratio), peak=peak)],
        before=[result(count=before, peak=peak)] if before else [],
    )


def resting(memory: int, before: int | None = 100) -> list[idle.Idle]:
    """An idle instance of now, and of the commit it is held against; in megabytes."""
    now = idle.Idle(commit="", processes=9, memory=memory << 20)
    if before is None:
        return [now]
    return [now, idle.Idle(commit="91bcfe9", processes=9, memory=before << 20)]


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Idle processes that take as little as was promised, and no other commit to build."""
    monkeypatch.setattr(another, "built", lambda _commit: nullcontext())
    monkeypatch.setattr(idle, "compared", lambda *_other: resting(68))


KEPT = {
    "fast and lean": [compared(ratio=0.5), compared(size=1_000_000, ratio=0.5, peak=125)],
    "too small to tell": [compared(size=20, ratio=0.1), compared(size=40, ratio=0.1, peak=900)],
    "sending, which counts limits": [compared(task="send", ratio=0.1)],
    "sending much faster": [compared(task="send", ratio=0.4, before=10)],
    "workers that help": [compared(task="crowd", ratio=1.6)],
    "large lists": [
        compared(task="csv", size=1_000_000, ratio=0.5),
        compared(task="analyse", size=1_000_000, ratio=0.67),
    ],
    "a lock that is let go": [Held(database="sqlite", people=1_000_000, seconds=1.0, whole=20.0)],
    "few messages to write": [Held(database="sqlite", people=1_000, seconds=2.0, whole=20.0)],
    "lists too short to tell": [compared(task="csv", ratio=0.1)],
    "too few messages to tell": [compared(task="send", size=3, before=60)],
}
BROKEN = {
    "workers in each other's way": (
        [compared(task="crowd", ratio=1.59)],
        "The four workers on sqlite send 1.59 times as fast as one",
    ),
    "sending no faster": ([compared(task="send", ratio=0.39, before=10)], "go out 3.90 times as"),
    "a slow sheet": (
        [compared(task="csv", size=1_000_000, ratio=0.49)],
        "The sheet (CSV) of 1,000,000 people on sqlite runs at 0.49",
    ),
    "a slow analysis": (
        [compared(task="analyse", size=1_000_000, ratio=0.66)],
        "below 0.67",
    ),
    "a lock that is kept": (
        [Held(database="sqlite", people=1_000_000, seconds=1.01, whole=20.0)],
        "keeps others from writing for 1.01 s",
    ),
    "slow": ([compared(ratio=0.49)], "first sync of 10,000 followers on sqlite runs at 0.49"),
    "growing": ([compared(), compared(size=1_000_000, peak=126)], "takes 1.26 times the memory"),
}


@pytest.mark.parametrize("case", KEPT)
def test_a_run_that_keeps_every_promise_ends_well(
    monkeypatch: pytest.MonkeyPatch, case: str, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(bench, "_measured", lambda *_told: KEPT[case])

    code = bench.main(["--json"])

    assert code == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("case", BROKEN)
def test_a_run_that_breaks_a_promise_says_which(
    monkeypatch: pytest.MonkeyPatch, case: str, capsys: pytest.CaptureFixture[str]
):
    found, sentence = BROKEN[case]
    monkeypatch.setattr(bench, "_measured", lambda *_told: found)

    code = bench.main(["--json"])

    assert code == 1
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        (resting(69), "0.69 of the memory that those of 91bcfe9 take, above 0.68"),
        (resting(391, None), "Idle processes take 409,993,216 bytes"),
    ],
)
def test_idle_processes_that_take_more_than_was_promised_are_told(
    monkeypatch: pytest.MonkeyPatch,
    rest: list[idle.Idle],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setattr(idle, "compared", lambda *_other: rest)

    code = bench.main(["--idle"])

    told = capsys.readouterr()
    assert code == 1
    assert sentence in told.err
    assert "idle memory      9 processes" in told.out
