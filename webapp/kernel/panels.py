"""Places where a domain lets those above it add something, and how they do.

A page of a lower domain shows what higher ones know: the page of an account shows what became of
its deliveries. The lower domain offers a `Place`, a higher one adds a function to it, and the view
asks the place before it renders. So nothing is imported upwards, and no template reads the
database. A listener, such as whoever wakes deliveries when a cap is raised, is added the same way.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from webapp.kernel.domain import Addition
from webapp.kernel.runtime import Runtime

About = ParamSpec("About")
Value = TypeVar("Value")

MIDDLE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A part of a page: its template, and the data that it reads as `panel.data`."""

    template: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place(Generic[About, Value]):
    """Something that higher domains add values to, for what it is about, such as one service.

    Its name is told when a domain adds to it; two places of one name are one place.
    """

    name: str

    def add(
        self, maker: Callable[Concatenate[Runtime, About], Value | None], *, rank: int = MIDDLE
    ) -> Addition:
        """Return an addition for a domain's table; those of a low `rank` come first.

        `maker` is called with the runtime and what the place is about. It returns what it adds, or
        `None` where it has nothing to add this time.
        """
        return Addition(place=self.name, maker=maker, rank=rank)

    def ask(self, runtime: Runtime, /, *about: About.args, **named: About.kwargs) -> list[Value]:
        """Return what the domains of this application add, by rank."""
        made = (
            item.maker(runtime, *about, **named) for item in runtime.domains.additions(self.name)
        )
        return [value for value in made if value is not None]
