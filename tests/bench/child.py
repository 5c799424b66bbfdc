"""A child process: does one order and prints what it measured."""

import importlib
import json
import sys

from tests.bench.gauge import peak
from tests.bench.order import Order

if __name__ == "__main__":
    order = Order.from_text(sys.argv[1])
    # Only the one that is measured is loaded: its memory is a figure.
    gauge = importlib.import_module(f"tests.bench.{order.who}").run(order)
    print(json.dumps(vars(gauge) | {"peak": peak()}))
