"""The wish to end: heard from any number of signals at any moment, and never waited for in vain."""

import signal
import subprocess
import sys
import threading
import time

import pytest

from webapp.kernel.processes.shutdown import Stop

PATIENCE = 30

# A signal at each line that Python runs while it asks, or begins to wait: every moment is tried.
INTERRUPTED = """
import signal, sys
from webapp.kernel.processes.shutdown import Stop

stop = Stop()
signal.signal(signal.SIGTERM, stop.ask)

def interrupt(_frame, event, _argument):
    if event == "line":
        signal.raise_signal(signal.SIGTERM)
    return interrupt

sys.settrace(interrupt)
stop.{does}
sys.settrace(None)
assert stop.asked()
"""


@pytest.mark.parametrize("does", ["ask()", "wait(0.01)"])
def test_a_signal_that_meets_the_program_while_it_hears_another_or_waits_hangs_nothing(does: str):
    program = INTERRUPTED.format(does=does)

    done = subprocess.run([sys.executable, "-c", program], timeout=PATIENCE, check=False)

    assert done.returncode == 0


def test_who_waits_is_woken_by_the_wish_and_told_of_it_from_then_on():
    stop = Stop()
    waiter = threading.Thread(target=stop.wait, args=(PATIENCE * 10,))
    waiter.start()

    stop.ask(signal.SIGTERM, None)

    waiter.join(PATIENCE)
    assert not waiter.is_alive()
    assert stop.asked()
    assert stop.wait(PATIENCE * 10)


def test_nobody_is_told_of_a_wish_that_nobody_has():
    stop = Stop()
    began = time.monotonic()

    assert not stop.wait(0.05)
    assert time.monotonic() - began >= 0.04
    assert not stop.asked()
