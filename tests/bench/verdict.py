"""What the bench promises, and the sentence for each promise that a run broke."""

from collections.abc import Iterable, Iterator

from tests.bench import idle, table
from tests.bench.cases import Case, Compared, Held
from tests.bench.pages.trial import Asked
from tests.bench.pictures import Checked
from tests.bench.redirects import Followed

LEAST_RATIO = 0.5
SYNCS = ("sync", "resync")
# Of this many people, and what the one INSERT of the messages takes is exceeded by half at most.
LARGE = 1_000_000
LEAST_OF_LISTS = {"csv": 0.5, "analyse": 1 / 1.5}
# How many seconds confirming a delivery to so many may keep others from writing.
MOST_HELD = 1.0
# How much faster messages go out than at the other commit, of enough of them to tell.
LEAST_GAIN = 4.0
# How much faster several workers send one delivery than one alone.
LEAST_OF_CROWD = 1.6
ENOUGH = 100
MOST_GROWTH = 1.25
MOST_IDLE = 390 * 1024 * 1024
MOST_OF_BEFORE = 0.68
# How much longer a page may take with many people than with few, which are at least so many.
MOST_OF_FEW = 2.0
FEWEST = 1_000
# How many short links are answered while an empty view is asked once, of enough to tell.
LEAST_OF_EMPTY = 0.7
# How many pictures the library takes while a bare loop of Pillow takes one.
LEAST_OF_PILLOW = 0.8
# What both start with outweighs the work on an audience smaller than this.
SMALLEST = 10_000


def broken(found: Iterable[Case]) -> list[str]:
    """Return a sentence for each promise about synchronising and sending that is broken."""
    found = list(found)
    compared = [item for item in found if isinstance(item, Compared)]
    syncs = [item for item in compared if item.task in SYNCS and item.size >= SMALLEST]
    sends = [item for item in compared if item.task == "send" and item.size >= ENOUGH]
    crowds = [item for item in compared if item.task == "crowd" and item.size >= ENOUGH]
    lists = [item for item in compared if item.task in LEAST_OF_LISTS and item.size >= LARGE]
    return [
        *_slow(syncs),
        *_growing(syncs),
        *_no_faster(sends),
        *_crowded(crowds),
        *_slow_lists(lists),
        *_held(item for item in found if isinstance(item, Held)),
    ]


def _held(found: Iterable[Held]) -> Iterator[str]:
    for item in found:
        if item.people >= LARGE and item.seconds > MOST_HELD:
            yield (
                f"Confirming a delivery to {item.people:,} people on {item.database} keeps others "
                f"from writing for {item.seconds:.2f} s, above {MOST_HELD:.0f}."
            )


def _crowded(crowds: list[Compared]) -> Iterator[str]:
    for item in crowds:
        if item.ratio < LEAST_OF_CROWD:
            yield (
                f"The {table.WORDS[item.task]} on {item.database} send {item.ratio:.2f} times as "
                f"fast as one, below {LEAST_OF_CROWD}."
            )


def _slow_lists(lists: list[Compared]) -> Iterator[str]:
    for item in lists:
        least = LEAST_OF_LISTS[item.task]
        if item.ratio < least:
            yield (
                f"The {table.WORDS[item.task]} of {item.size:,} people on {item.database} runs at "
                f"{item.ratio:.2f} of the bare rate, below {least:.2f}."
            )


def _no_faster(sends: list[Compared]) -> Iterator[str]:
    for item in sends:
        if item.gain is not None and item.gain < LEAST_GAIN:
            yield (
                f"The {table.WORDS[item.task]} on {item.database} go out {item.gain:.2f} times as "
                f"fast as before, below {LEAST_GAIN:.0f}."
            )


def led_on(found: Followed) -> Iterator[str]:
    """Yield a sentence for clicks that were lost, and for answers that take too long."""
    if found.rows != found.answers:
        yield f"{found.answers:,} links were answered, and {found.rows:,} clicks are rows."
    if found.answers >= FEWEST and found.ratio < LEAST_OF_EMPTY:
        yield (
            f"Short links are answered at {found.ratio:.2f} of the rate of an empty view, "
            f"below {LEAST_OF_EMPTY}."
        )


def taken_in(found: Checked) -> Iterator[str]:
    """Yield a sentence for a library that takes too long to look at pictures."""
    if found.pictures >= ENOUGH and found.ratio < LEAST_OF_PILLOW:
        yield (
            f"Pictures are taken at {found.ratio:.2f} of the rate of a bare loop, "
            f"below {LEAST_OF_PILLOW}."
        )


def heavy(rest: list[idle.Idle]) -> list[str]:
    """Return a sentence for each promise about idle memory that is broken."""
    said, share = [], idle.ratio(rest)
    if rest[0].memory > MOST_IDLE:
        said.append(f"Idle processes take {rest[0].memory:,} bytes, above {MOST_IDLE:,}.")
    if share is not None and share > MOST_OF_BEFORE:
        said.append(
            f"Idle processes take {share:.2f} of the memory that those of {rest[1].commit} take, "
            f"above {MOST_OF_BEFORE}."
        )
    return said


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


def growing(asked: Iterable[Asked], few: int) -> Iterator[str]:
    """Yield a sentence for each page that takes too long with many people."""
    for item in asked:
        if few >= FEWEST and item.ratio > MOST_OF_FEW:
            yield (
                f"The page “{item.name}” on {item.database} takes {item.ratio:.1f} times as long "
                f"with many people as with few, above {MOST_OF_FEW:.0f}."
            )
