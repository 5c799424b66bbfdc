"""Whatever X makes of a text, it is known again; another text is not taken for it."""

from collections.abc import Callable
from datetime import UTC, datetime
from unittest.mock import Mock

from hypothesis import given
from hypothesis import strategies as st

from channels import Attempt, ChannelContext, Operation, Unknowable
from plugins.x.mapping import written_out
from plugins.x.reconciliation import XReconciliation, plain
from plugins.x.sandbox import texts

WORDS = st.sampled_from(
    [
        "Hello", "e\N{COMBINING ACUTE ACCENT}", "日本", "👩‍👩‍👧", "&", "&amp;", "&lt;", "<b>", " ",
        "\r\n", "50%", "~+", "ateliernord.com", "www.ateliernord.com/a", "http://", "co.uk/", "/",
        "https://ateliernord.com/?a=1&b=%20", "שלום", "\N{ZERO WIDTH SPACE}", "@anna", "$NORD", ".",
    ]
)  # fmt: skip
TYPED = st.lists(WORDS | st.text(max_size=5), min_size=1, max_size=12).map("".join)


@given(text=TYPED, written=st.sampled_from([str, texts.escaped]))
def test_a_text_is_known_again_by_what_x_makes_of_it(text: str, written: Callable[[str], str]):
    shown = texts.shown(texts.normal(text), 3_001)

    kept = written_out({"text": written(shown.text), "entities": {"urls": list(shown.links)}})

    assert plain(kept) == plain(text)


@given(
    st.permutations(["Hello Anna", "Hello Ana", "Hello Anna!", "👍", "🎉", "a.com/1", "a.com/2"])
)
def test_another_text_is_another(different: list[str]):
    assert len({plain(text) for text in different}) == len(different)


def test_a_direct_message_to_nobody_is_not_looked_for_among_the_posts():
    network = Mock(spec=ChannelContext)
    attempt = Attempt(
        operation=Operation.DIRECT, text="Hello Anna", started_at=datetime(2026, 11, 23, tzinfo=UTC)
    )

    assert isinstance(XReconciliation().find_sent(network, attempt), Unknowable)
    assert network.mock_calls == []
