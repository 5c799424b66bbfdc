import pytest

from plugins.x import texts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$TEST. $TEST_", ["$TEST", "$TEST"]),
        ("$OK$NG$BAD text$NO .$NG $$NG", ["$OK"]),
        ("https://api.example.com/Products?$top=5&$skip=10", []),
        ("($AAPL) vs ($MSFT)", []),
        ("$AAPL and $MSFT", ["$AAPL", "$MSFT"]),
        ("$100 or $5", []),
    ],
)
def test_cashtags_stand_behind_a_blank(text: str, found: list[str]):
    assert texts.cashtags(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("の@username", ["@username"]),
        ("RT@username", ["@username"]),
        ("rt: @username", ["@username"]),
        ("＠acme", ["＠acme"]),
        ("@a_b/list-1 there", ["@a_b/list-1"]),
        ("été@acme", []),
        ("e\N{COMBINING ACUTE ACCENT}@acme", []),
        ("ana@acme", []),
        ("@user@user", []),
        ("f!@kn", []),
        ("https://www.youtube.com/@fanfare", []),
        ("@http://example.com", []),
    ],
)
def test_a_mention_is_no_part_of_a_word_or_an_address(text: str, found: list[str]):
    assert texts.mentions(text) == found


@pytest.mark.parametrize(
    "tag", ["#हिन्दी", "#ไทยแลนด์", "#தமிழ்", "#1er", "＃日本", "#il·lusió", "#ẞ"]
)
def test_a_hashtag_of_any_script_is_whole(tag: str):
    assert texts.read(f"See {tag}, now").named("hashtag") == [tag]


@pytest.mark.parametrize(
    "text", ["#1", "a#tag", "&#tag", "#tag#", "#tag://", "https://example.com/#tag"]
)
def test_what_x_takes_for_no_hashtag_is_none(text: str):
    assert texts.read(text).named("hashtag") == []
