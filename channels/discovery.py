"""Where plugins are found: among the installed ones, and among those that a test lends."""

from collections.abc import Iterable
from importlib.metadata import EntryPoint
from types import SimpleNamespace

from channels.hooks import ENTRY_POINT_GROUP

# What tests lend, by the name of its entry point, which leads to here.
LENT = SimpleNamespace()


def lend(name: str, plugin: object) -> None:
    """Let each instance that this process starts from now on find a plugin."""
    setattr(LENT, name, plugin)


def take_back(name: str) -> None:
    """Let no instance that starts from now on find a plugin that was lent."""
    delattr(LENT, name)


def found(installed: Iterable[EntryPoint]) -> list[EntryPoint]:
    """Return every entry point by name; one that is lent stands in for an installed one.

    The author of a plugin has it installed while testing it, and no kind is brought twice.
    """
    lent = {
        name: EntryPoint(name, f"{__name__}:LENT.{name}", ENTRY_POINT_GROUP) for name in vars(LENT)
    }
    others = {entry.name: entry for entry in installed}
    return [entry for _name, entry in sorted((others | lent).items())]
