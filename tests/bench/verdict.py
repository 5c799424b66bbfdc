"""What the bench promises, and the sentence for each promise that a run broke."""

from collections.abc import Iterable, Iterator

from tests.bench import table
from tests.bench.cases import Claims, Compared

LEAST_RATIO = 0.5
MOST_GROWTH = 1.25
# What both start with outweighs the work on an audience smaller than this.
SMALLEST = 10_000


def broken(found: Iterable[Compared | Claims]) -> list[str]:
    """Return a sentence for each promise about synchronisation that is broken."""
    syncs = [
        item
        for item in found
        if isinstance(item, Compared) and item.task != "send" and item.size >= SMALLEST
    ]
    return [*_slow(syncs), *_growing(syncs)]


def _slow(syncs: list[Compared]) -> Iterator[str]:
    for item in syncs:
        if item.ratio < LEAST_RATIO:
            yield (
                f"The {table.WORDS[item.task]} of {item.size:,} followers on {item.database} runs "
                f"at {item.ratio:.2f} of the bare loop's rate, below {LEAST_RATIO}."
            )


def _growing(syncs: list[Compared]) -> Iterator[str]:
    for row in table.growth(syncs):
        if row["ratio"] > MOST_GROWTH:
            low, high = row["of"]
            yield (
                f"The {table.WORDS[row['task']]} on {row['database']} takes {row['ratio']:.2f} "
                f"times the memory for {high:,} followers that it takes for {low:,}, "
                f"above {MOST_GROWTH}."
            )
