"""A long text is cut where its sentences end, and nothing of it is lost."""

import pytest

from webapp.deliveries.drafts.splitting import split


def fits(text: str) -> bool:
    return len(text) <= 30


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Short.", ["Short."]),
        ("", []),
        ("One is here. Two is here. Three is.", ["One is here. Two is here.", "Three is."]),
        ("A first line of it\nand a second of it", ["A first line of it", "and a second of it"]),
        ("We sell, e.g. lamps and bowls. Come in!", ["We sell, e.g. lamps and bowls.", "Come in!"]),
        ("He said “Come in.” And so we did it.", ["He said “Come in.”", "And so we did it."]),
        (
            "No sentence ends before the thirtieth sign here",
            ["No sentence ends before the", "thirtieth sign here"],
        ),
        (
            "See https://ateliernord.example/a/long/way/to/it now",
            ["See", "https://ateliernord.example/a/long/way/to/it", "now"],
        ),
    ],
)
def test_a_text_is_cut_at_the_last_border_that_fits(text: str, parts: list[str]):
    assert split(text, fits) == parts


def test_no_sign_is_left_out_but_the_blanks_between_parts():
    text = "Word after word, and 春が来ました。花が咲きました。All of it! " * 20

    assert "".join("".join(split(text, fits)).split()) == "".join(text.split())
