"""Guesses which known name a mistyped one was meant to be."""

from collections.abc import Iterable
from difflib import get_close_matches

from webapp.kernel.words import _

FEW = 8


def near(name: str, known: Iterable[str]) -> str:
    """Return a sentence with the known name nearest to `name`, or with all of them if few."""
    names = sorted(set(known))
    lower = {item.lower(): item for item in names}
    found = get_close_matches(name.lower(), lower, n=1, cutoff=0.6)
    if found:
        return _("Did you mean %(name)s?", name=lower[found[0]])
    return _("Known: %(names)s.", names=", ".join(names)) if 0 < len(names) <= FEW else ""
