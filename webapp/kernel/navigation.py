"""The entries of the frame that domains bring, and which of them a page stands under."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from webapp.kernel.permissions import Permission
from webapp.kernel.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A second page of an entry; `under` are endpoints that are shown as belonging to it.

    A higher domain adds one to an entry of a lower one, whose endpoint is `of`; all pages of its
    blueprint then belong to it.
    """

    endpoint: str
    label: Any
    icon: str = ""
    under: tuple[str, ...] = ()
    of: str = ""

    def holds(self, endpoint: str) -> bool:
        """Tell whether a page of the product is this one, or is shown under it."""
        if endpoint == self.endpoint or endpoint in self.under:
            return True
        mine, theirs = self.endpoint.partition(".")[0], endpoint.partition(".")[0]
        return bool(self.of) and mine == theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of the frame, or of the settings; labels are translated when they are shown.

    Pages of the same blueprint belong to it, unless another entry names them in `under`; with
    `alone` none does. `key` is the letter after `g` that leads there, and `count` tells how many
    things wait there for the operator. Entries stand by `rank`.
    """

    endpoint: str
    label: Any
    rank: int
    icon: str = ""
    key: str = ""
    count: Callable[[Runtime], int] | None = None
    pages: tuple[Page, ...] = ()
    under: tuple[str, ...] = ()
    alone: bool = False
    settings: bool = False
    needs: Permission = Permission.VIEW

    @property
    def blueprint(self) -> str:
        """Whose pages belong to it."""
        return self.endpoint.partition(".")[0]

    def names(self, endpoint: str) -> bool:
        """Tell whether it names a page, as one of its own or as one that stands under it."""
        return endpoint in {self.endpoint, *self.under} or self.page(endpoint) is not None

    def page(self, endpoint: str) -> Page | None:
        """Return its second page that an endpoint belongs to."""
        for page in self.pages:
            if page.holds(endpoint):
                return page
        return None


def current(entries: Iterable[Entry], endpoint: str) -> Entry | None:
    """Return the entry that a page stands under: the one that names it, or that of its domain."""
    known = list(entries)
    for entry in known:
        if entry.names(endpoint):
            return entry
    blueprint = endpoint.partition(".")[0]
    whole = (entry for entry in known if entry.blueprint == blueprint and not entry.alone)
    return next(whole, None)
