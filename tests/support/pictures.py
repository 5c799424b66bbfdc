"""Pictures as somebody brings them."""

from io import BytesIO
from typing import Any

from PIL import Image


def photo(
    kind: str = "JPEG", *, mode: str = "RGB", size: tuple[int, int] = (40, 20), **more: Any
) -> bytes:
    """A picture as bytes; its left half is dark."""
    image = Image.new(mode, size, "white")
    image.paste(Image.new(mode, (size[0] // 2, size[1])), (0, 0))
    written = BytesIO()
    image.save(written, kind, **more)
    return written.getvalue()
