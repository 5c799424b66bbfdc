"""What a page of a plugin asks of the operator: declared on its view, denied where it is not."""

from collections.abc import Callable
from typing import Any, Literal, TypeVar

View = TypeVar("View", bound=Callable[..., Any])
Need = Literal["public", "view", "approve", "export", "write", "admin"]


def needs(permission: Need) -> Callable[[View], View]:
    """Declare what a view needs, below its route; a view that declares nothing answers 403.

    `public` needs no log-in, such as a page that the network itself calls. The others are held by
    everybody who logs in (`view`), by reviewers (`approve`), marketers (`write`, and `export` for
    what takes people out of Fanfare) and administrators (`admin`), who hold all of them.
    """

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]  # read by the core's gate
        return view

    return mark
