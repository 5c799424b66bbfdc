"""The rows of a file of CSV, one after the other: whatever encoding and separator a program wrote.

It takes back what `csv` writes before cells that a spreadsheet would take for something else.
"""

import codecs
import csv
import io
import re
from collections.abc import Generator, Sequence
from typing import BinaryIO

from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.text.cleaning import clean

SAMPLE = 65_536
SEPARATORS = (",", ";", "\t", "|")
MOST_COLUMNS = 100
# More than any value that is kept; a file without line ends must not fill the memory.
LONGEST_CELL = 16_000
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
GUARDED = re.compile(r"'(?=\s*[=+\-@\d\t\r\n])")
Row = tuple[int, list[str]]


def rows(stream: BinaryIO, longest: int = LONGEST_CELL) -> Generator[Row, None, None]:
    """Yield each row that says anything with its line; the first one holds the heads.

    Raise `Invalid` for what is no such file, or has a cell of more than `longest` signs.
    """
    csv.field_size_limit(longest)
    text = io.TextIOWrapper(stream, encoding=_encoding(stream), newline="")
    line = 0
    try:
        found = csv.reader(text, delimiter=_separator(text), strict=True)
        for cells in found:
            line = found.line_num
            told = [plain(cell) for cell in cells]
            if len(told) > MOST_COLUMNS:
                raise _no_file(_("It has more than %(n)s columns.", n=MOST_COLUMNS))
            if any(told):
                yield line, told
    except (csv.Error, UnicodeError) as cause:
        raise _no_file(_("Line %(n)s cannot be read as CSV.", n=line + 1)) from cause
    finally:
        text.detach()


def plain(cell: str) -> str:
    """Return what a cell says, without what guards it from spreadsheets; lines in it stay."""
    text = clean(cell).replace("\r\n", "\n").strip()
    return text[1:] if GUARDED.match(text) else text


def heads(cells: Sequence[str]) -> list[str]:
    """Return the heads of columns; one without a name is called by its place."""
    return [cell or str(_("Column %(n)s", n=place)) for place, cell in enumerate(cells, 1)]


def _encoding(stream: BinaryIO) -> str:
    """Return how a file is written: UTF-8, UTF-16 with its mark, or else as Windows writes."""
    start = stream.read(4)
    stream.seek(0)
    for mark, name in MARKS:
        if start.startswith(mark):
            return name
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while some := stream.read(SAMPLE):
            if b"\0" in some:
                raise _no_file(_("It is no text: save it as CSV."))
            decoder.decode(some)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        stream.seek(0)
    return "utf-8"


def _separator(text: io.TextIOWrapper) -> str:
    """Return what stands between the cells of the first line; a comma where nothing else does."""
    head = text.readline(SAMPLE)
    text.seek(0)
    outside = re.sub(r'"[^"]*"', "", head)
    return max(SEPARATORS, key=outside.count)


def _no_file(why: str) -> Invalid:
    return Invalid(why, {"file": why})
