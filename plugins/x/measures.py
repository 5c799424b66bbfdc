"""The library that measures texts as X does, imported so that it needs no part of setuptools.

It reads a file of its own through `pkg_resources`, which it names nowhere as a dependency: the
environments of Python 3.12 and later have none, and the newest setuptools have none either.
"""

import sys
from functools import cache
from importlib import import_module
from importlib.resources import files
from threading import Lock
from types import ModuleType

WANTED = "pkg_resources"
_importing = Lock()


@cache
def twitter_text() -> ModuleType:
    """Import the library, lending it a stand-in for what it wants; it takes a moment.

    Most processes never measure, so it is asked for where something is to be measured.
    """
    with _importing:
        own = sys.modules.get(WANTED)
        sys.modules[WANTED] = _stand_in()
        try:
            return import_module("twitter_text")
        finally:
            if own is None:
                del sys.modules[WANTED]
            else:
                sys.modules[WANTED] = own


def _stand_in() -> ModuleType:
    made = ModuleType(WANTED)
    vars(made)["resource_string"] = _beside
    return made


def _beside(module: str, name: str) -> bytes:
    """Read a file that stands beside a module."""
    return files(module.rpartition(".")[0]).joinpath(name).read_bytes()
