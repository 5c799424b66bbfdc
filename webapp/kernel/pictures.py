"""Pictures that somebody brings, made anew: nothing goes out but what is seen.

A camera writes into its files where and with which device a picture was taken, and a phone keeps a
film behind some. Only the pixels and the colours they are meant in are kept.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

# Larger files are refused before they are read, larger pictures before their pixels are.
LARGEST_FILE = 10_000_000
MOST_PIXELS = 50_000_000
# No screen of a reader shows more of a picture in a text.
LONGEST_SIDE = 1_600
QUALITY = 88
READ = ("JPEG", "PNG", "GIF", "WEBP")
# What a picture that was read is kept as. Animations stand still, and so do several in one JPEG.
KEPT_AS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "GIF": "PNG", "WEBP": "WEBP"}
# The modes of eight bits a colour, each with what browsers are given.
MODES = {"1": "L", "L": "L", "P": "RGBA", "LA": "LA", "RGB": "RGB", "RGBA": "RGBA"}
MODES |= {"CMYK": "RGB", "YCbCr": "RGB", "PA": "RGBA"}


class Unreadable(Exception):
    """These bytes are no picture that can be shown everywhere."""


class TooLarge(Exception):
    """This picture has more bytes or pixels than are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture as it is kept, its media type and pixels; `moved` says that it was an animation."""

    data: bytes
    kind: str
    width: int
    height: int
    moved: bool


def cleaned(data: bytes, *, longest: int = LONGEST_SIDE, largest: int = LARGEST_FILE) -> Picture:
    """Return a picture upright, its sides no longer than `longest`, without what else is in it.

    Raises `Unreadable` for what is no PNG, JPEG, WebP or GIF, and `TooLarge`.
    """
    if len(data) > largest:
        raise TooLarge
    try:
        with Image.open(BytesIO(data), formats=READ) as found:
            return _made_anew(found, longest)
    except (TooLarge, Image.DecompressionBombError) as cause:
        raise TooLarge from cause
    # A decoder raises whatever it likes about a file that is broken.
    except Exception as cause:
        raise Unreadable from cause


def _made_anew(found: Image.Image, longest: int) -> Picture:
    kind, colours = KEPT_AS[str(found.format)], found.info.get("icc_profile")
    if found.width * found.height > MOST_PIXELS:
        raise TooLarge
    if found.mode not in MODES:
        raise Unreadable
    # A camera keeps smaller pictures beside the one in a JPEG, which are no frames.
    moved = kind != "JPEG" and getattr(found, "is_animated", False)
    # Turned first, a large picture would take six times the memory.
    found.thumbnail((longest, longest))
    upright = ImageOps.exif_transpose(found)
    mode = MODES[found.mode]
    # The profile of a printer's colours means nothing once they are those of a screen.
    told: dict[str, Any] = {"icc_profile": colours} if colours and found.mode != "CMYK" else {}
    plain = Image.new(mode, upright.size)
    plain.paste(upright.convert(mode))
    written = BytesIO()
    plain.save(written, kind, quality=QUALITY, optimize=True, **told)
    width, height = plain.size
    return Picture(
        data=written.getvalue(), kind=Image.MIME[kind], width=width, height=height, moved=moved
    )
