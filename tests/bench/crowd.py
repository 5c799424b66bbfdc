"""Several workers that send one delivery: this process leads it, and others help."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from tests.bench import fanfare
from tests.bench.gauge import Gauge
from tests.bench.order import Order
from webapp.deliveries import sending
from webapp.kernel.runtime import Runtime

WORKERS = 4
# How long a worker with nothing to do waits before it looks again.
PAUSE = 0.005


def run(order: Order) -> Gauge:
    """Do what is ordered and return what it took."""
    with fanfare.opened(order) as runtime:
        return _help(runtime) if order.task == "help" else _lead(runtime, order)


def _lead(runtime: Runtime, order: Order) -> Gauge:
    """Send a delivery as its leader, once all the others stand ready."""
    with _helpers(order):
        return fanfare.send(runtime, order)


@contextmanager
def _helpers(order: Order) -> Iterator[None]:
    told = replace(order, task="help").to_text()
    command = [sys.executable, "-m", "tests.bench.child", told]
    others = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        for _number in range(WORKERS - 1)
    ]
    try:
        for helper in others:
            if helper.stdout is None or not helper.stdout.readline():
                raise RuntimeError("A helper did not begin.")
        yield
    finally:
        for helper in others:
            helper.terminate()
            helper.communicate()


def _help(runtime: Runtime) -> Gauge:
    """Help whoever leads, until this process is ended."""
    print("ready", flush=True)
    while True:
        for delivery_id, token in sending.to_help(runtime):
            sending.help_out(runtime, delivery_id, token)
        runtime.session.rollback()
        time.sleep(PAUSE)
