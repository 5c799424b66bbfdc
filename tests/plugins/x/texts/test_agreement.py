"""X's own library and ours say the same about the same texts."""

from collections.abc import Sequence

import pytest

from plugins.x import texts
from plugins.x.texts import tags
from tests.plugins.x.texts import library, samples

# By X's page on counting characters every emoji is 2; its library knows those up to 2018.
NEWER = ("❤️‍🔥", "♾️", "👁️‍🗨️", "🧑‍🚀", "🤌🏽", "🫱🏻‍🫲🏿", "🐈‍⬛", "😶‍🌫️", "🧎‍♀️‍➡️", "🫅🏿", "🇨🇶")


def ours(text: str) -> str:
    reading = texts.read(text)
    return library.written(
        reading.weight, [(entity.kind, entity.start, entity.end) for entity in reading.entities]
    )


def without_words(text: str, answer: str) -> str:
    """Leave out the mentions that the library sees within a word such as `été@acme`."""
    normal = texts.read(text).text
    return " ".join(
        item
        for item in answer.split(" ")
        if not (
            item.startswith("m")
            and (start := int(item[1:].partition("-")[0]))
            and tags.ACCENTED_LETTER.match(normal, start - 1)
        )
    )


def disagreements(several: Sequence[str], recorded: Sequence[str]) -> list[tuple[str, str, str]]:
    said = library.answers(several, recorded)
    compared = (
        (text, ours(text), without_words(text, answer))
        for text, answer in zip(several, said, strict=True)
    )
    return [(text, one, other) for text, one, other in compared if one != other]


def test_texts_of_thirty_scripts_are_read_as_the_library_reads_them():
    several = list(samples.texts())

    assert len(samples.SCRIPTS) >= 30
    assert len(several) >= 20_000
    assert disagreements(several, library.recorded()) == []


def test_the_texts_of_the_conformance_files_are_read_as_the_library_reads_them():
    several, recorded = zip(*library.conformance(), strict=True)

    assert len(several) > 250
    assert disagreements(several, recorded) == []


@pytest.mark.parametrize("emoji", NEWER)
def test_an_emoji_younger_than_the_library_is_two(emoji: str):
    assert texts.weighted(emoji) == 2
    assert texts.weighted(f"a{emoji}{emoji}b") == 6
