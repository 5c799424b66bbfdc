"""The rows of a file of profiles: no value of a profile has lines, or more than one blank."""

from collections.abc import Generator
from contextlib import closing
from typing import BinaryIO

from webapp.kernel.text import csv_reading
from webapp.kernel.text.csv_reading import Row

# More than any value that is kept; a file without line ends must not fill the memory.
LONGEST_CELL = 4_000


def rows(stream: BinaryIO) -> Generator[Row, None, None]:
    """Yield each row that says anything with its line; raise `Invalid` for what is no such file."""
    with closing(csv_reading.rows(stream, LONGEST_CELL)) as found:
        for line, cells in found:
            yield line, [" ".join(cell.split()) for cell in cells]
