"""A domain of the product and all that it brings, declared once as `DOMAIN` in its own package.

What a domain brings is named by where it stands in its package, such as `views:blueprint`, and is
imported when somebody asks for it. So a declaration costs nothing: `--help` reads all of them
without loading the product, and a package may declare modules that import the package.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pkgutil import resolve_name
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A word of the command line: where its command stands, and what help says about it."""

    at: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What one domain adds to a place that a lower domain offers; `kernel/panels.py` makes it."""

    place: str
    maker: Callable[..., Any]
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """What a package brings; each text names a module of it and a name there, `module:name`.

    `start` is called with the application before routes are added to it. The others are tuples:
    `permissions` of `kernel.permissions.May`, one for each that its pages and use-cases ask for,
    `navigation` of `kernel.navigation.Entry` or `Page`, `additions` of `Addition`, `tasks` of
    `workflows.tasks.CoreTask`, `retention` of `kernel.retention.Rule`. What is empty, the domain
    does not have. Tables need no line: those in its `models` are found.
    """

    package: str
    start: str = ""
    blueprint: str = ""
    permissions: str = ""
    navigation: str = ""
    additions: str = ""
    tasks: str = ""
    retention: str = ""
    commands: Mapping[str, Command] = field(default_factory=dict)

    def find(self, place: str) -> Any:
        """Import what stands at a place of the package; raise `ImportError`, `AttributeError`."""
        return resolve_name(f"{self.package}.{place}")


class Domains:
    """All domains of an application, lowest first, and what they bring together."""

    def __init__(self, domains: Iterable[Domain] = ()) -> None:
        """Take the domains in the order in which each may import those before it."""
        self._all = tuple(domains)

    def __iter__(self) -> Iterator[Domain]:
        """Yield the domains, lowest first."""
        return iter(self._all)

    @cached_property
    def commands(self) -> Mapping[str, tuple[Domain, Command]]:
        """The words of the command line, each with its domain; raise `ValueError` for one twice."""
        return _named(
            (word, (domain, command))
            for domain in self
            for word, command in domain.commands.items()
        )

    @cached_property
    def tasks(self) -> Mapping[str, Any]:
        """What workflows of the core run, by job; raise `ValueError` for a job brought twice."""
        return _named((task.job, task) for task in self._each("tasks"))

    @cached_property
    def retention(self) -> tuple[Any, ...]:
        """The rules of clean-up, those of the highest domain first: it may refer to lower rows."""
        return tuple(reversed(list(self._each("retention"))))

    @cached_property
    def permissions(self) -> tuple[Any, ...]:
        """What each permission lets people do, by domain."""
        return tuple(self._each("permissions"))

    @cached_property
    def navigation(self) -> tuple[Any, ...]:
        """The entries of the frame, by rank, each with the pages that other domains add to it."""
        found = list(self._each("navigation"))
        pages = [item for item in found if getattr(item, "of", "")]
        entries = (item for item in found if not getattr(item, "of", ""))
        return tuple(
            replace(
                entry, pages=(*entry.pages, *(page for page in pages if page.of == entry.endpoint))
            )
            for entry in sorted(entries, key=lambda entry: entry.rank)
        )

    @cached_property
    def _additions(self) -> tuple[Addition, ...]:
        return tuple(sorted(self._each("additions"), key=lambda item: item.rank))

    def additions(self, place: str) -> list[Addition]:
        """Return what the domains add to a place, by rank."""
        return [item for item in self._additions if item.place == place]

    def _each(self, what: str) -> Iterator[Any]:
        """Yield what is in the table of that name of each domain that has one."""
        for domain in self:
            if place := getattr(domain, what):
                yield from domain.find(place)


def _named(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"Two domains bring {name}.")
        found[name] = value
    return found


NO_DOMAINS = Domains()
