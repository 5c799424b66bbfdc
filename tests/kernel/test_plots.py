"""A plot is drawn against a round axis, and stops where nothing is known."""

import pytest

from webapp.kernel.plots import Curve, Plot, rounded_up
from webapp.kernel.runtime import Runtime


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (0.4, 0.4), (1, 1), (23, 30), (24.9, 30), (318_400, 400_000)]
)
def test_an_axis_ends_at_a_round_figure(value: float, top: float):
    assert rounded_up(value) == pytest.approx(top)


def test_a_curve_stops_where_nothing_is_known_and_goes_on_behind_it(runtime: Runtime):
    curve = Curve(name="Views", values=[0, 10, None, 5, None, 10])
    plot = Plot(label="Views", labels=list("abcdef"), curves=[curve], unknown=[2])

    assert list(plot.pieces(curve)) == [
        [(0.0, 100.0), (60.0, 0.0)],
        [(180.0, 50.0)],
        [(300.0, 0.0)],
    ]
    assert list(plot.gaps) == [(90.0, 60.0)]
    assert plot.scale == [(0.0, "10"), (50.0, "5"), (100.0, "0")]
