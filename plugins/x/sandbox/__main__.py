"""Starts the sandbox: `python -m plugins.x.sandbox --port 8081`."""

import argparse
import signal
import sys
from contextlib import suppress
from pathlib import Path

from channels.clock import FileClock, MovableClock
from plugins.x.sandbox.app import create_app
from plugins.x.sandbox.server import SandboxServer
from plugins.x.sandbox.state import Options


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; return 1 with a sentence when the port is taken."""
    told = _parser().parse_args(arguments)
    options = Options(
        followers=told.followers,
        seed=told.seed,
        record=told.record,
        shared_clock=told.clock is not None,
    )
    # It is ended by its supervisor as it is by Ctrl-C: without a word.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        # It keeps nothing on disk of its own: whoever kills it leaves nothing behind.
        clock = FileClock(told.clock) if told.clock else MovableClock()
        app = create_app(options, clock)
        try:
            server = SandboxServer((told.host, told.port), app, clock)
        except OSError as error:
            print(f"Port {told.port} of {told.host} cannot be used: {error}.", file=sys.stderr)
            return 1
        print(f"Sandbox X answers at http://{told.host}:{server.server_address[1]}", flush=True)
        if told.host not in ("127.0.0.1", "localhost"):
            print("Anybody who reaches this address may steer the sandbox.", flush=True)
        with server:
            server.serve_forever()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m plugins.x.sandbox",
        description="An offline X for trying and testing. Its admin address /sandbox/ asks for "
        "no password, so it listens on this machine alone unless told otherwise.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, required=True, help="port; 0 takes a free one")
    parser.add_argument(
        "--followers", type=int, default=5_000, help="followers of the brand (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other people")
    parser.add_argument("--record", type=Path, help="file to append each acceptance to")
    parser.add_argument("--clock", type=Path, help="clock file shared with other processes")
    return parser


if __name__ == "__main__":
    sys.exit(main())
