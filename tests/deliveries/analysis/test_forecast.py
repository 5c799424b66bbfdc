"""The forecast against simulations that take one message or one window at a time."""

from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.deliveries.analysis.simulation import FARTHEST, SimulatedWindow, simulate
from webapp.kernel.time import days as calendar

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

SHORT = st.sampled_from([60, 90, 900])


@st.composite
def gates(draw: st.DrawFn, seconds: st.SearchStrategy[int] = SHORT) -> list[SimulatedWindow]:
    """Limits of which some are partly used already, and so lapse sooner."""
    made = []
    for number in range(draw(st.integers(1, 3))):
        gate = SimulatedWindow(str(number), draw(st.integers(1, 8)), draw(seconds))
        gate.used = draw(st.integers(0, gate.cap))
        if gate.used:
            gate.opens_at = START + timedelta(seconds=draw(st.integers(1, gate.seconds)))
        made.append(gate)
    return made


def copied(limits: list[SimulatedWindow]) -> list[SimulatedWindow]:
    return [SimulatedWindow(g.label, g.cap, g.seconds, g.used, g.opens_at) for g in limits]


def step_by_step(limits: list[SimulatedWindow], count: int) -> list[datetime]:
    """Return when each message goes out: a second is tried after the other."""
    at, sent = START, []
    windows = [[gate.used, gate.opens_at] for gate in limits]
    while len(sent) < count:
        for window in windows:
            if window[1] is not None and at >= window[1]:
                window[:] = [0, None]
        full = any(w[0] >= g.cap for w, g in zip(windows, limits, strict=True))
        if full:
            at += timedelta(seconds=1)
            continue
        for window, gate in zip(windows, limits, strict=True):
            window[:] = [window[0] + 1, window[1] or at + timedelta(seconds=gate.seconds)]
        sent.append(at)
    return sent


def window_by_window(limits: list[SimulatedWindow], count: int) -> datetime:
    """Return when the last message goes out: no turn is skipped."""
    at = START
    while True:
        taken = min([count, *(gate.free(at) for gate in limits)])
        for gate in limits:
            gate.take(taken, at) if taken else None
        count -= taken
        if not count:
            return at
        at = max(gate.opens_at or at for gate in limits if gate.free(at) == 0)


@given(limits=gates(), count=st.integers(1, 40))
def test_it_ends_when_a_simulation_message_by_message_ends(
    limits: list[SimulatedWindow], count: int
):
    assert simulate(copied(limits), count, START) == step_by_step(limits, count)[-1]


@given(limits=gates(st.sampled_from([7, 60, 61, 900, 86_400])), count=st.integers(1, 3000))
def test_turns_that_are_skipped_change_nothing(limits: list[SimulatedWindow], count: int):
    assert simulate(copied(limits), count, START) == window_by_window(copied(limits), count)


@given(limits=gates(), count=st.integers(1, 40))
def test_no_window_of_a_gate_lets_out_more_than_it_allows(
    limits: list[SimulatedWindow], count: int
):
    ends = [simulate(copied(limits), number, START) for number in range(1, count + 1)]

    for gate in limits:
        opens, used = gate.opens_at, gate.used
        for at in ends:
            if opens is None or at >= opens:
                opens, used = at + timedelta(seconds=gate.seconds), 0
            used += 1
            assert used <= gate.cap


@given(limits=gates(), count=st.integers(1, 40))
def test_more_messages_never_end_sooner(limits: list[SimulatedWindow], count: int):
    assert simulate(copied(limits), count, START) <= simulate(copied(limits), count + 1, START)


def test_nothing_to_send_ends_at_once():
    assert simulate([SimulatedWindow("one", 1, 60)], 0, START) == START


def test_without_a_limit_all_goes_out_at_once():
    assert simulate([], 10_000, START) == START


def test_a_million_windows_are_counted_to_the_last():
    span = simulate([SimulatedWindow("one", 1, 900)], 1_000_000, START) - START

    assert span == timedelta(seconds=900) * 999_999


def test_a_million_messages_behind_every_limit_of_a_day_end_on_the_right_day():
    limits = [
        SimulatedWindow("15 min", 15, 900),
        SimulatedWindow("24 h", 1440, 86_400),
        SimulatedWindow("own", 250, 86_400),
    ]

    ends = simulate(limits, 1_000_000, START)

    assert ends == START + timedelta(days=3999, seconds=16 * 900)


@pytest.mark.parametrize(("cap", "count"), [(0, 1), (1, 10_000_000)])
def test_what_never_ends_ends_as_late_as_a_moment_can_be_told(cap: int, count: int):
    assert simulate([SimulatedWindow("own", cap, 86_400)], count, START) == FARTHEST


PARIS = ZoneInfo("Europe/Paris")
MOMENTS = st.integers(0, 4 * 366 * 86_400).map(lambda n: START + timedelta(seconds=n))


def with_day_cap(cap: int, used: int = 0, at: datetime | None = None) -> list[SimulatedWindow]:
    """A quarter of an hour from its first use, and a cap that follows the days of Paris."""
    opens = calendar.ends(at, PARIS) if at else None
    days = SimulatedWindow("own", cap, 86_400, used, opens, ends=partial(calendar.ends, zone=PARIS))
    return [SimulatedWindow("15 min", 15, 900), days]


def day_by_day(cap: int, count: int, start: datetime) -> datetime:
    """Send fifteen each quarter of an hour until the day's cap is used, then the next day on."""
    at, today = start, 0
    while True:
        taken = min(15, cap - today, count)
        count, today = count - taken, today + taken
        if not count:
            return at
        if today < cap:
            ends, later = calendar.ends(at, PARIS), at + timedelta(minutes=15)
            at, today = later, 0 if later >= ends else today
        else:
            # A window of a quarter of an hour is open again when the next day begins late enough.
            at, today = max(calendar.ends(at, PARIS), at + timedelta(minutes=15 * (taken == 15))), 0


def test_a_daily_cap_ends_at_midnight_whether_used_or_not():
    at = datetime(2026, 11, 29, 17, 25, tzinfo=UTC)

    untouched, used = (
        simulate(with_day_cap(250), 309, at),
        simulate(with_day_cap(250, 1, at), 308, at),
    )

    # Sixty an hour until 22:25, then from midnight of Paris on.
    assert untouched == used == datetime(2026, 11, 29, 23, 45, tzinfo=UTC)


@given(at=MOMENTS, cap=st.integers(1, 200).map(lambda n: n * 15), count=st.integers(1, 40_000))
def test_a_daily_cap_holds_on_long_and_short_days(at: datetime, cap: int, count: int):
    assert simulate(with_day_cap(cap), count, at) == day_by_day(cap, count, at)


@given(at=MOMENTS, cap=st.integers(2, 300), used=st.integers(1, 5), count=st.integers(1, 5_000))
def test_the_end_is_the_same_before_and_after_the_first_messages(
    at: datetime, cap: int, used: int, count: int
):
    used = min(used, cap)
    before, after = with_day_cap(cap), with_day_cap(cap)
    simulate(after, used, at)

    assert simulate(before, used + count, at) == simulate(after, count, at)


def test_years_of_daily_caps_are_counted_across_summer_times():
    ends = simulate(with_day_cap(250), 1_000_000, START)

    # 4,000 days, of which the last begins at midnight of Paris in summer or winter.
    assert ends == calendar.ends(START + timedelta(days=3998), PARIS) + timedelta(minutes=15 * 16)


def test_a_cap_of_nothing_on_any_day_never_ends():
    assert simulate(with_day_cap(0), 1, START) == FARTHEST
