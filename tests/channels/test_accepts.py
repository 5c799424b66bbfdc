"""What a network does not take is refused before anything is sent, with what to do."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import Accepts, Content, Feature, Media, Part

ALL = frozenset(Feature)


def picture(mime: str = "image/png", size: int = 8) -> Media:
    return Media(mime=mime, size=size, alt="A kite.", open=BytesIO)


def content(parts: int = 1, media: tuple[Media, ...] = (), subject: str = "") -> Content:
    return Content(parts=(Part(text="Hi", media=media),) * parts, subject=subject)


@pytest.mark.parametrize(
    ("accepts", "refused", "said"),
    [
        (Accepts(features=ALL, most_parts=2), content(3), "at most 2 parts"),
        (Accepts(features=ALL, most_media=1), content(media=(picture(),) * 2), "at most 1 pict"),
        (Accepts(features=ALL, most_bytes=7), content(media=(picture(),)), "at most 7 bytes"),
        (Accepts(features=ALL, mimes={"image/*"}), content(media=(picture("video/mp4"),)), "mp4"),
        (Accepts(features=ALL, longest_subject=3), content(subject="Four"), "at most 3 signs"),
        (Accepts(), content(media=(picture(),)), "takes no pictures and films"),
        (Accepts(most_parts=5), content(2), "takes no threads"),
    ],
)
def test_what_is_too_much_is_refused_with_its_bound(accepts: Accepts, refused: Content, said: str):
    assert said in accepts.refusal(refused)


def test_what_fits_is_not_refused():
    accepts = Accepts(
        features=ALL,
        most_parts=2,
        most_media=2,
        most_bytes=8,
        longest_subject=4,
        mimes={"image/*", "video/mp4"},
    )

    assert accepts.refusal(content(2, (picture(), picture("video/mp4")), "Four")) == ""


@given(number=st.integers(1, 6), most=st.none() | st.integers(1, 6))
def test_a_bound_is_the_most_that_is_taken(number: int, most: int | None):
    refusal = Accepts(features=ALL, most_parts=most).refusal(content(number))

    assert bool(refusal) == (most is not None and number > most)
