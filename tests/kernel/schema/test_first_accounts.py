"""Of two rows that were one account, the kept one says what either knew of a person's consent."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from webapp.kernel.schema.first_accounts import WITH, _united

START = datetime(2026, 11, 24, tzinfo=UTC)
moments = st.none() | st.integers(0, 48).map(lambda hours: START + timedelta(hours=hours))


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    found: dict[str, Any] = {"wrote_first_at": draw(moments)}
    for moment, more in WITH.items():
        found[moment] = draw(moments)
        found |= {name: f"{name} of {found[moment]}" if found[moment] else "" for name in more}
    return found


@given(rows(), rows())
def test_the_first_word_and_the_last_of_everything_else_hold_with_what_belongs_to_them(
    ours: dict[str, Any], theirs: dict[str, Any]
):
    kept = ours | _united(ours, theirs)

    words = [row["wrote_first_at"] for row in (ours, theirs) if row["wrote_first_at"]]
    assert kept["wrote_first_at"] == min(words, default=None)
    for moment, more in WITH.items():
        known = [row[moment] for row in (ours, theirs) if row[moment]]
        assert kept[moment] == max(known, default=None)
        for name in more:
            assert kept[name] == (f"{name} of {kept[moment]}" if kept[moment] else "")


def test_a_column_that_the_database_does_not_have_yet_is_left_out():
    old = {"wrote_first_at": None, "opted_in_at": START, "opt_in_proof": "paper"}
    ours = dict.fromkeys(old)

    assert _united(ours, old) == old
