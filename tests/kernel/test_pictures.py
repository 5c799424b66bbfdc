"""Pictures are made anew: upright, of a moderate size, and without what a camera wrote."""

from io import BytesIO

import pytest
from PIL import Image

from tests.support.pictures import photo
from webapp.kernel import pictures
from webapp.kernel.pictures import TooLarge, Unreadable, cleaned

ORIENTATION, MAKER = 0x0112, 0x010F
PLACE = b"made in the garden of Zerlinde"


def shown(data: bytes) -> Image.Image:
    return Image.open(BytesIO(cleaned(data).data))


def test_what_a_camera_wrote_is_taken_out_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, PLACE.decode()
    found = cleaned(photo(exif=exif, comment=PLACE))

    image = Image.open(BytesIO(found.data))
    assert PLACE not in found.data
    assert (found.kind, image.size, dict(image.getexif())) == ("image/jpeg", (20, 40), {})
    assert image.getpixel((10, 2))[0] < 60
    assert image.getpixel((10, 38))[0] > 200


def test_what_lies_behind_a_picture_goes_with_nobody():
    assert PLACE not in cleaned(photo() + PLACE).data


@pytest.mark.parametrize(
    ("kind", "mode", "kept"),
    [
        ("PNG", "RGBA", "image/png"),
        ("PNG", "1", "image/png"),
        ("GIF", "P", "image/png"),
        ("WEBP", "RGB", "image/webp"),
        ("JPEG", "CMYK", "image/jpeg"),
    ],
)
def test_every_kind_that_comes_is_kept_as_one_that_browsers_show(kind: str, mode: str, kept: str):
    found = cleaned(photo(kind, mode=mode))

    assert found.kind == kept
    assert Image.open(BytesIO(found.data)).size == (40, 20)


def test_what_is_transparent_stays_so():
    clear = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    written = BytesIO()
    clear.save(written, "PNG")

    assert shown(written.getvalue()).getpixel((1, 1))[3] == 0


def test_colours_keep_what_they_are_meant_as():
    profile = b"a profile of colours"

    assert shown(photo(icc_profile=profile)).info["icc_profile"] == profile


def test_a_large_picture_becomes_one_that_fits(monkeypatch: pytest.MonkeyPatch):
    assert shown(photo(size=(4_000, 1_000))).size == (1_600, 400)

    monkeypatch.setattr(pictures, "MOST_PIXELS", 799)
    with pytest.raises(TooLarge):
        cleaned(photo())


@pytest.mark.parametrize(
    "data", [b"", b"<svg/>", b"\x89PNG\r\n\x1a\n", photo()[:-40], photo("TIFF"), photo("BMP")]
)
def test_what_is_no_whole_picture_of_these_kinds_is_refused(data: bytes):
    with pytest.raises(Unreadable):
        cleaned(data)
