"""The forecast against a simulation that takes one message at a time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from webapp.deliveries.forecast import Gate, play

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@st.composite
def gates(draw: st.DrawFn) -> list[Gate]:
    """Limits of which some are partly used already, and so lapse sooner."""
    made = []
    for number in range(draw(st.integers(1, 3))):
        gate = Gate(str(number), draw(st.integers(1, 8)), draw(st.sampled_from([60, 90, 900])))
        gate.used = draw(st.integers(0, gate.cap))
        if gate.used:
            gate.opens_at = START + timedelta(seconds=draw(st.integers(1, gate.seconds)))
        made.append(gate)
    return made


def copied(limits: list[Gate]) -> list[Gate]:
    return [Gate(g.label, g.cap, g.seconds, g.used, g.opens_at) for g in limits]


def step_by_step(limits: list[Gate], count: int) -> list[datetime]:
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


@given(limits=gates(), count=st.integers(1, 40))
def test_it_ends_when_a_simulation_message_by_message_ends(limits: list[Gate], count: int):
    assert play(copied(limits), count, START) == step_by_step(limits, count)[-1]


@given(limits=gates(), count=st.integers(1, 40))
def test_no_window_of_a_gate_lets_out_more_than_it_allows(limits: list[Gate], count: int):
    ends = [play(copied(limits), number, START) for number in range(1, count + 1)]

    for gate in limits:
        opens, used = gate.opens_at, gate.used
        for at in ends:
            if opens is None or at >= opens:
                opens, used = at + timedelta(seconds=gate.seconds), 0
            used += 1
            assert used <= gate.cap


@given(limits=gates(), count=st.integers(1, 40))
def test_more_messages_never_end_sooner(limits: list[Gate], count: int):
    assert play(copied(limits), count, START) <= play(copied(limits), count + 1, START)


def test_nothing_to_send_ends_at_once():
    assert play([Gate("one", 1, 60)], 0, START) == START


def test_without_a_limit_all_goes_out_at_once():
    assert play([], 10_000, START) == START
