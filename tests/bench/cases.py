"""The cases: both of the two do each task in turn, several times, and ratios are their medians."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from tests.bench.stage import Result, Stage

KINDS = ("sqlite", "postgresql")
BOTH = ("bare", "fanfare")


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What both did in one case, round by round."""

    task: str
    database: str
    size: int
    bare: list[Result]
    fanfare: list[Result]
    # The same work by the other commit, where there is one.
    before: list[Result] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """Fanfare's rate by that of the bare loop beside it; the median of the rounds."""
        return median(ours.rate / bare.rate for ours, bare in self.pairs)

    @property
    def gain(self) -> float | None:
        """Fanfare's rate by that of the other commit in the same round; nothing without one."""
        if not self.before:
            return None
        rounds = zip(self.fanfare, self.before, strict=True)
        return median(ours.rate / theirs.rate for ours, theirs in rounds)

    @property
    def pairs(self) -> list[tuple[Result, Result]]:
        """Fanfare's result and the bare loop's of the same round."""
        return list(zip(self.fanfare, self.bare, strict=True))

    def as_dict(self) -> dict[str, object]:
        """Return the figures of the report."""
        return {
            "task": self.task,
            "database": self.database,
            "size": self.size,
            "rounds": len(self.bare),
            "ratio": round(self.ratio, 3),
            "gain": self.gain and round(self.gain, 3),
            "per_second": _median(self.fanfare, "rate"),
            "bare_per_second": _median(self.bare, "rate"),
            "waiting": _median(self.fanfare, "waited"),
            "bare_waiting": _median(self.bare, "waited"),
            "peak_bytes": max(item.peak for item in self.fanfare),
            "bare_peak_bytes": max(item.peak for item in self.bare),
        }


def _median(results: list[Result], name: str) -> float:
    return round(median(getattr(item, name) for item in results), 3)


def syncs(stage: Stage, size: int, *, rounds: int) -> Iterator[Compared]:
    """Read an audience for the first time, and again when nothing changed."""
    stage.audience(size)
    for kind in stage.databases:
        found: dict[tuple[str, str], list[Result]] = {}
        for number in range(rounds):
            # Whoever comes second may find the machine warmer or busier, so they take turns.
            for who in stage.contestants[:: -1 if number % 2 else 1]:
                database = stage.database(kind, who)
                for task in ("sync", "resync"):
                    result = stage.measure(who, task, database)
                    found.setdefault((task, who), []).append(result)
                stage.drop(database)
        for task in ("sync", "resync"):
            yield Compared(
                task=task,
                database=kind,
                size=size,
                **{who: found[task, who] for who in stage.contestants},
            )


def sends(stage: Stage, people: int, *, rounds: int) -> Iterator[Compared]:
    """Write to people who accept messages, by the ledger and by a bare loop of the same calls."""
    stage.audience(people * 2)
    for kind in stage.databases:
        found: dict[str, list[Result]] = {who: [] for who in stage.contestants}
        for number in range(rounds):
            for who in stage.contestants[:: -1 if number % 2 else 1]:
                reader = "before" if who == "before" else "fanfare"
                database = stage.database(kind, reader)
                stage.measure(reader, "sync", database)
                found[who].append(stage.measure(who, "send", database, count=people))
                stage.drop(database)
        yield Compared(task="send", database=kind, size=people, **found)


def crowds(stage: Stage, people: int, *, rounds: int) -> Iterator[Compared]:
    """Let several workers send one delivery on a server; one worker alone is the bare side."""
    stage.audience(people * 2)
    found: dict[str, list[Result]] = {"fanfare": [], "crowd": []}
    for number in range(rounds):
        for who in [*found][:: -1 if number % 2 else 1]:
            database = stage.database("postgresql")
            stage.measure("fanfare", "sync", database)
            found[who].append(stage.measure(who, "send", database, count=people))
            stage.drop(database)
    alone, together = found.values()
    yield Compared(task="crowd", database="postgresql", size=people, bare=alone, fanfare=together)


@dataclass(frozen=True, kw_only=True)
class Held:
    """How long confirming a delivery to so many people keeps others from writing at most."""

    database: str
    people: int
    seconds: float
    whole: float


def lists(stage: Stage, people: int, *, rounds: int) -> Iterator[Compared | Held]:
    """Write everybody as CSV, analyse a delivery to all, and confirm it.

    The bare side of the analysis writes the messages of the delivery.
    """
    stage.audience(1)
    for kind in stage.databases:
        found: dict[tuple[str, str], list[Result]] = {}
        database = stage.database(kind)
        stage.measure("fanfare", "plant", database, count=people)
        for number in range(rounds):
            for task in ("csv", "analyse"):
                # Nobody analyses a delivery that is not there, so a draft is made first.
                turns = BOTH[:: -1 if number % 2 else 1] if task == "csv" else BOTH[::-1]
                for who in turns:
                    result = stage.measure(who, task, database, count=people)
                    found.setdefault((task, who), []).append(result)
        for task in ("csv", "analyse"):
            bare, fanfare = (found[task, who] for who in BOTH)
            yield Compared(task=task, database=kind, size=people, bare=bare, fanfare=fanfare)
        if kind == "sqlite":
            done = stage.measure("fanfare", "confirm", database, count=people)
            yield Held(
                database=kind,
                people=people,
                seconds=round(done.held, 3),
                whole=round(done.seconds, 3),
            )
        stage.drop(database)


@dataclass(frozen=True, kw_only=True)
class Claims:
    """How long claiming one message takes while few and while many are pending."""

    database: str
    few: int
    many: int
    ratio: float
    milliseconds: float


Case = Compared | Claims | Held


def claims(stage: Stage, few: int, many: int) -> Iterator[Claims]:
    """Claim messages of a delivery with `few` pending, then with `many`."""
    stage.audience(1)
    for kind in stage.databases:
        took = []
        for pending in (few, many):
            database = stage.database(kind)
            stage.measure("fanfare", "sync", database)
            took.append(stage.measure("fanfare", "claim", database, count=pending))
            stage.drop(database)
        yield Claims(
            database=kind,
            few=few,
            many=many,
            ratio=round(took[0].rate / took[1].rate, 2),
            milliseconds=round(1000 / took[1].rate, 2),
        )
