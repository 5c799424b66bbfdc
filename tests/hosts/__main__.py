"""Three hosts in trouble: `python -m tests.hosts`, as root on Linux.

A host is killed in a delivery, workers are restarted by the signals of their unit, two hosts
upgrade at once, and a copy is restored. Afterwards both records agree: nothing twice, nothing lost.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from channels.clock import FileClock
from tests.hosts.network import ADDRESS, CORE, HOSTS, Database, end_all, namespaces
from tests.hosts.play import Hosts, acts

PLAY = "play"


def main() -> int:
    """Make the hosts, and play inside of the core's network."""
    if PLAY in sys.argv:
        return play()
    with namespaces():
        command = [sys.executable, "-m", "tests.hosts", PLAY]
        return subprocess.run(["ip", "netns", "exec", CORE, *command], check=False).returncode


def play() -> int:
    """Start database, broker, sandbox and hosts; do every act; say what was seen."""
    with TemporaryDirectory(prefix="fanfare-hosts-") as place:
        folder = Path(place)
        folder.chmod(0o755)
        database = Database(folder / "postgresql")
        database.start()
        FileClock(folder / "clock.json").set(FileClock(folder / "clock.json").now(), rate=1)
        try:
            with Hosts(folder, database) as hosts:
                faults = [fault for act in acts() for fault in done(act, hosts)]
        finally:
            for host in HOSTS:
                end_all(host)
            with suppress(subprocess.CalledProcessError):
                data = str(folder / "postgresql" / "data")
                database.tool("pg_ctl", "-D", data, "-m", "immediate", "stop")
    return 1 if faults else 0


def done(act: Callable[[Hosts], tuple[str, list[str]]], hosts: Hosts) -> list[str]:
    """Do one act and say what came of it."""
    began = time.monotonic()
    told, faults = act(hosts)
    name = act.__name__.replace("_", " ")
    print(f"{name}: {told}; {round(time.monotonic() - began)} s", flush=True)
    for fault in faults:
        print(f"  WRONG: {fault}", flush=True)
    return faults


if __name__ == "__main__":
    print(f"{len(HOSTS)} hosts around {ADDRESS}, process {os.getpid()}", flush=True)
    sys.exit(main())
