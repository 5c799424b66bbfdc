"""Pictures as the library takes them, beside a bare loop of Pillow that makes the same of them.

The bare loop trusts what it is given: it opens, turns and writes a picture. The library looks first
whether that is one, how large and what kind, and keeps nothing of the file but pixels and colours.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from statistics import median

from PIL import Image, ImageOps

from webapp.kernel.pictures import QUALITY
from webapp.media.library import LONGEST_SIDE, checked

ROUNDS = 5
# As a phone of some years ago takes them, lying on their side, with what it wrote into them.
SIZE, TURNED, DEVICE = (2_000, 1_500), 6, "A phone of the bench"
ORIENTATION, MODEL = 0x0112, 0x0110
DIFFERENT = 10


@dataclass(frozen=True, kw_only=True)
class Checked:
    """Pictures a second of processor time by both, round by round."""

    pictures: int
    ours: list[float]
    bare: list[float]

    @property
    def ratio(self) -> float:
        """Our rate by that of the bare loop beside it; the median of the rounds."""
        return median(ours / bare for ours, bare in zip(self.ours, self.bare, strict=True))

    def as_dict(self) -> dict[str, object]:
        """Return the figures of the report."""
        return asdict(self) | {"ratio": round(self.ratio, 3)}


def trial(number: int, size: tuple[int, int] = SIZE) -> Checked:
    """Take so many pictures in all by both, in rounds by turns."""
    photos = [_photo(size) for _number in range(min(number, DIFFERENT))]
    each = max(1, number // ROUNDS)
    does: dict[str, Callable[[bytes], object]] = {"ours": checked, "bare": _bare}
    rates: dict[str, list[float]] = {"ours": [], "bare": []}
    for at in range(ROUNDS):
        for who in [*does][:: -1 if at % 2 else 1]:
            rates[who].append(each / _timed(does[who], photos, each))
    return Checked(pictures=each * ROUNDS, **rates)


def line(found: Checked) -> str:
    """Return the outcome as a person reads it."""
    return (
        f"pictures         {found.pictures:>9,} no database ratio {found.ratio:5.2f}"
        f"   {median(found.ours):,.1f} to {median(found.bare):,.1f} a second"
    )


def _timed(work: Callable[[bytes], object], photos: Sequence[bytes], number: int) -> float:
    # Both do nothing but reckon, so what else the machine does falls out of it.
    began = time.process_time()
    for at in range(number):
        work(photos[at % len(photos)])
    return time.process_time() - began


def _bare(data: bytes) -> bytes:
    with Image.open(BytesIO(data)) as found:
        found.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        written = BytesIO()
        ImageOps.exif_transpose(found).save(written, "JPEG", quality=QUALITY, optimize=True)
        return written.getvalue()


def _photo(size: tuple[int, int]) -> bytes:
    """Make a picture with some detail, so that it is worked on as a photo is."""
    width, height = (side // 8 for side in size)
    rough = Image.frombytes("RGB", (width, height), os.urandom(3 * width * height))
    told = Image.Exif()
    told[ORIENTATION], told[MODEL] = TURNED, DEVICE
    written = BytesIO()
    rough.resize(size).save(written, "JPEG", quality=90, exif=told.tobytes())
    return written.getvalue()
