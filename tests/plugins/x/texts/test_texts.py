import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.x import texts

HOSTILE = (
    "a.b.", "é.", "日本.語", "🙂.", "com.", "xn--.", "_.", "http://a.", "x.com/(", "x.com/(a)",
    "/(a", "@", "#a", "$A ", "👩‍👩‍👧", "🇫", "a．com.", "x.みんな日.com/", "a.b. ", "x.com?",
    "x.comé_.",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "weight", "link"),
    [
        ("a" * 278 + "☕️", 280, False),
        *((emoji, 2, False) for emoji in ("⭐️", "⚡️", "⚽️", "❗️", "👍", "👍🏽", "🇫🇷", "1️⃣", "❤️‍🔥")),
        ("®", 1, False),
        ("©", 1, False),
        ("©️", 2, False),
        ("👍\ufe0f", 4, False),
        ("בקרו ב-www.example.co.il היום", 34, True),
        ("היכנסו שבexample.co.il", 32, True),
        ("موقعexample.com", 27, True),
        ("a" * 256 + " élysée.fr", 280, True),
        ("e\N{COMBINING ACUTE ACCENT}", 1, False),
        ("日本", 4, False),
        ("Coffee ☕ at https://ateliernord.com", 7 + 2 + 4 + 23, True),
        ("👩‍👩‍👧‍👦" * 100 + "." + "👍🏽" * 39, 279, False),
    ],
)
def test_a_text_weighs_and_costs_what_x_makes_of_it(text: str, weight: int, *, link: bool):
    assert (texts.weighted(text), texts.has_link(text)) == (weight, link)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("https://en.example.org/wiki/Foo_(bar)", ["https://en.example.org/wiki/Foo_(bar)"]),
        ("(https://example.com/a)", ["https://example.com/a"]),
        ("https://example.com/x。", ["https://example.com/x"]),
        ("“https://example.com/spring”", ["https://example.com/spring"]),
        ("https://example.com…", ["https://example.com"]),
        ("https://example.com/a?b=c.", ["https://example.com/a?b=c"]),
        ("詳しくはhttps://example.com/をご覧ください", ["https://example.com/"]),
        ("HTTPS://example.com", ["HTTPS://example.com"]),
        ("example.com/sale", ["example.com/sale"]),
        ("a@example.com", []),
        ("-example.com", []),
        ("https://example", []),
        ("See https://api.example.com/a?$top=5&$b=1", ["https://api.example.com/a?$top=5&$b=1"]),
    ],
)
def test_a_link_ends_where_x_ends_it(text: str, links: list[str]):
    assert texts.read(text).named("link") == links


def test_a_link_leads_with_a_scheme_and_is_shown_without():
    (bare,) = texts.read("example.com/?to=https://b.example").of("link")
    (loud,) = texts.read("HTTPS://www.Example.com").of("link")
    (hyphen,) = texts.read("ב-www.example.co.il").of("link")

    assert (bare.address, bare.short) == (f"http://{bare.text}", bare.text)
    assert (loud.address, loud.short) == ("HTTPS://www.Example.com", "Example.com")
    assert hyphen.address == "http://www.example.co.il"


def test_a_link_within_a_hashtag_is_drawn_as_it_is_charged_for():
    reading = texts.read("#セールexample.com")

    assert reading.named("link") == ["example.com"]
    assert reading.named("hashtag") == []


PARTS = st.sampled_from(
    [
        *("Hello", "日本", "👩‍👩‍👧", "🇫🇷", "❤️", "e\N{COMBINING ACUTE ACCENT}", "שלום", "a.b."),
        *("ateliernord.com", "https://x.example.com/?a=1", "日本example.comです", "www.x.com."),
        *("co.uk/x,", "@anna", "#wood", "$NORD", "a@b.com", "http://", "(", ")", "-", "/", "＃"),
        *(" ", "\n", "\N{IDEOGRAPHIC SPACE}"),
    ]
)


@given(st.lists(PARTS | st.text(max_size=3), max_size=8).map("".join))
def test_the_pieces_of_a_text_are_the_text_again(text: str):
    reading = texts.read(text)
    pieces = list(reading.pieces())

    assert "".join(piece.text for piece in pieces) == reading.text
    assert [piece for piece in pieces if piece.kind != "text"] == list(reading.entities)


@given(st.lists(PARTS, max_size=8).map("".join), st.lists(PARTS, max_size=8).map("".join))
def test_lines_weigh_apart(one: str, other: str):
    assert texts.weighted(f"{one}\n\n{other}") == texts.weighted(one) + 2 + texts.weighted(other)


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_long_text_is_read_at_once(unit: str):
    long = (unit * 40_000)[:40_000]
    began = time.process_time()

    texts.read(long)

    assert time.process_time() - began < 10
