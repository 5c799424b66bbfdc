"""The report as a person reads it."""

from typing import Any

from tests.bench import idle
from tests.bench.cases import Case, Claims, Compared, Held

WORDS = {
    "sync": "first sync",
    "resync": "sync again",
    "send": "direct messages",
    "crowd": "four workers",
    "csv": "sheet (CSV)",
    "analyse": "analysis",
}
MEGA = 1_000_000


def line(item: Case) -> str:
    """Return a case as a line."""
    if isinstance(item, Held):
        return _held(item)
    return _claims(item) if isinstance(item, Claims) else _compared(item)


def _held(item: Held) -> str:
    return (
        f"{'confirm':16} {item.people:>9,} {item.database:11} "
        f"held {item.seconds:.2f} s at most, {item.whole:.1f} s in all"
    )


def _compared(item: Compared) -> str:
    row = item.as_dict()
    return (
        f"{WORDS[item.task]:16} {item.size:>9,} {item.database:11} "
        f"ratio {item.ratio:5.2f}{_gained(item)}"
        f"   {row['per_second']:>8,.0f}/s to {row['bare_per_second']:>8,.0f}/s"
        f"   waiting {row['waiting']:4.0%} and {row['bare_waiting']:4.0%}"
        f"   peak {row['peak_bytes'] / MEGA:4.0f} MB and {row['bare_peak_bytes'] / MEGA:4.0f} MB"
    )


def _gained(item: Compared) -> str:
    return f", {item.gain:.2f} times as fast as before" if item.gain else ""


def _claims(item: Claims) -> str:
    return (
        f"{'claim a message':16} {item.many:>9,} {item.database:11} "
        f"{item.milliseconds:.2f} ms, {item.ratio:.2f} times that of {item.few:,} pending"
    )


def growth(found: list[Compared]) -> list[dict[str, Any]]:
    """Return by how much the peak of the largest audience passes that of the smallest."""
    rows = []
    for task, database in sorted({(item.task, item.database) for item in found}):
        sizes = {
            item.size: max(result.peak for result in item.fanfare)
            for item in found
            if (item.task, item.database) == (task, database)
        }
        low, high = min(sizes), max(sizes)
        if high > low:
            share = round(sizes[high] / sizes[low], 3)
            rows.append({"task": task, "database": database, "of": [low, high], "ratio": share})
    return rows


def memory(found: list[Case], rest: list[idle.Idle]) -> str:
    """Return how memory grows with the audience, and what an idle instance takes."""
    rows = growth([item for item in found if isinstance(item, Compared)])
    lines = [
        f"peak memory      {WORDS[row['task']]:11} {row['database']:11} "
        f"{row['of'][1]:,} to {row['of'][0]:,} followers: {row['ratio']:.2f}"
        for row in rows
    ]
    return "\n".join([*lines, _resting(rest)])


def _resting(rest: list[idle.Idle]) -> str:
    now, *others = rest
    said = f"idle memory      {now.processes} processes: {now.memory / MEGA:.0f} MB"
    if not others:
        return f"{said}; the history at hand knows no commit to hold it against"
    before = others[0]
    return (
        f"{said}, ratio {idle.ratio(rest):.2f} to {before.memory / MEGA:.0f} MB of {before.commit}"
    )
