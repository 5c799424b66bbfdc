"""Processes forked from this one: they share the memory of what it imported, and nothing else."""

import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from multiprocessing import get_context
from pathlib import Path
from pkgutil import resolve_name

from sqlalchemy import make_url
from sqlalchemy.orm import configure_mappers

from webapp.system.processes.worker import settle

# What the children would else import one by one: the web server is no part of the commands.
SERVER = ("gunicorn.app.wsgiapp", "gunicorn.workers.gthread")
# The program that is forked stands above this room, so it is named as its command is.
APPLICATION = "webapp.domains:load"
INTERPRETER = (sys.executable, "-m")
# Linux keeps this much of the name that `ps -e` and `top` show.
LONGEST_NAME = 15
STDIN, STDOUT, STDERR = 0, 1, 2


class Forked:
    """A forked process that runs a module, spoken to as `subprocess.Popen` is."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environ: Mapping[str, str],
        prepare: Callable[[], None],
    ) -> None:
        """Fork a process that runs `command` as a new interpreter would.

        `prepare` runs in it first, to let go what is this process's alone.
        """
        told = (name, tuple(command[len(INTERPRETER) :]), dict(environ), prepare, os.getpid())
        # Otherwise both processes would write what waits in the buffers.
        sys.stdout.flush()
        sys.stderr.flush()
        self._process = get_context("fork").Process(target=_become, args=told)
        self._process.start()

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid or 0

    @property
    def returncode(self) -> int | None:
        """How it ended; nothing while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """Tell how it ended; nothing while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        """Wait for the end; raise `TimeoutExpired` when it does not come."""
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still lives."""
        if self.poll() is None:
            os.kill(self.pid, number)


def preload(database: str) -> None:
    """Import what children need and make it ready, so that each finds it and none keeps a copy.

    Nothing is opened: a connection must not be shared with what is forked afterwards.
    """
    for module in SERVER:
        import_module(module)
    resolve_name(APPLICATION)()
    make_url(database).get_dialect().import_dbapi()
    configure_mappers()
    settle()


def runs_module(command: Sequence[str]) -> bool:
    """Tell whether a command runs a module in this interpreter, as a fork can do too."""
    return tuple(command[: len(INTERPRETER)]) == INTERPRETER


def _become(
    name: str,
    words: Sequence[str],
    environ: Mapping[str, str],
    prepare: Callable[[], None],
    parent: int,
) -> None:
    """Turn a fork into what a new interpreter with these words and this environment would be."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    os.umask(0o077)
    prepare()
    # A parent that died after the fork and before its child would hear of it sends no signal.
    if os.getppid() != parent:
        sys.exit(1)
    _redirect()
    os.environ.clear()
    os.environ.update(environ)
    _name(name)
    module, *sys.argv[1:] = words
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _redirect() -> None:
    """Read nothing, and say everything where whoever watches sees it."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, STDIN)
    os.close(nothing)
    os.dup2(STDERR, STDOUT)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(line_buffering=True)


def _name(name: str) -> None:
    """Let `ps -e` and `top` tell the children apart, where the system knows such names."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(name[:LONGEST_NAME], encoding="utf-8")
