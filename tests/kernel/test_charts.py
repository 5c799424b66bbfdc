"""A chart is drawn, written as a table and as a sheet from the same figures."""

from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from webapp.kernel.charts import HEIGHT, Chart, Kind, Series, segments

FIGURES = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=2, max_size=40)


def chart(kind: Kind, *series: Series) -> Chart:
    days = [str(number) for number in range(len(series[0].values))]
    return Chart(kind=kind, label="A chart", heading="Day", labels=days, keys=days, series=series)


def up_and_down(figures: list[tuple[int, int]]) -> Chart:
    came, went = zip(*figures, strict=True)
    return chart(
        Kind.UP_AND_DOWN, Series(name="Gained", values=came), Series(name="Lost", values=went)
    )


@given(figures=FIGURES)
def test_bars_stand_on_the_line_and_the_tallest_of_both_fill_the_height(
    app_context: None, figures: list[tuple[int, int]]
):
    made = up_and_down(figures)
    bars = list(made.bars)

    for bar, (came, went) in zip(bars, figures, strict=True):
        assert [place for place, _top, _tall in bar.parts] == [0] * bool(came) + [1] * bool(went)
        for place, top, tall in bar.parts:
            assert tall >= 1.0, "what is there is seen"
            assert abs((top + tall if place == 0 else top) - made.base) < 0.02
    assert 0 <= made.base <= HEIGHT


@given(values=st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_a_line_goes_from_edge_to_edge_and_never_leaves_the_picture(values: list[int]):
    made = chart(Kind.LINE, Series(name="Followers", values=values))

    points = [tuple(map(float, point.split(","))) for point in made.points.split(" ")]

    assert (points[0][0], points[-1][0]) == (0, 300)
    assert all(6 <= y <= 66 for _x, y in points)
    assert [x for x, _y in points] == sorted(x for x, _y in points)


@pytest.mark.parametrize(
    ("values", "depth"), [([10_000, 9_998], 0.6), ([10_000, 9_900], 30), ([10_000, 5_000], 60)]
)
def test_a_small_change_of_many_is_drawn_as_small_as_it_is(values: list[int], depth: float):
    made = chart(Kind.LINE, Series(name="Followers", values=values))

    before, after = (float(point.split(",")[1]) for point in made.points.split(" "))

    assert round(after - before, 2) == depth


def test_the_table_tells_the_newest_first_with_what_is_not_drawn_and_its_notes(app_context: None):
    made = chart(
        Kind.LINE,
        Series(name="Gained", values=[1, 2], drawn=False),
        Series(name="Followers", values=[10, 1200], notes={0: "all found at once"}),
    )

    assert list(made.rows) == [
        ("1", [("2", ""), ("1,200", "")]),
        ("0", [("1", ""), ("10", "all found at once")]),
    ]
    assert made.columns == {"key": "Day", "0": "Gained", "1": "Followers"}
    assert list(made.sheet) == [{"key": "0", "0": 1, "1": 10}, {"key": "1", "0": 2, "1": 1200}]


@pytest.mark.parametrize(("days", "ticks"), [(2, "0 1"), (3, "0 1 2"), (30, "0 15 29")])
def test_the_first_the_middle_and_the_last_label_are_written(days: int, ticks: str):
    made = chart(Kind.LINE, Series(name="Followers", values=list(range(days))))

    assert " ".join(made.ticks) == ticks


@given(parts=st.lists(st.tuples(st.sampled_from(["", "done", "bad", "odd"]), st.integers(0, 99))))
def test_the_parts_of_a_bar_stand_one_after_another(parts: list[tuple[str, int]]):
    shown = list(segments(parts, sum(count for _tone, count in parts)))

    assert [item.tone for item in shown] == [tone for tone, count in parts if count]
    for before, after in pairwise(shown):
        assert abs(before.x + before.width - after.x) < 0.01
    assert all(item.width >= 0.5 for item in shown if item.tone in {"bad", "odd"})


@pytest.fixture(scope="module")
def app_context():
    """What words and numbers need: a language."""
    from flask_babel import Babel  # noqa: PLC0415

    app = Flask(__name__)
    Babel(app)
    with app.app_context():
        yield
