"""Guesses which known name a mistyped one was meant to be."""

from collections.abc import Iterable
from difflib import get_close_matches

from webapp.kernel.text.notices import NOTHING, Notice

FEW = 8


def near(name: str, known: Iterable[str]) -> Notice:
    """Return a sentence with the known name nearest to `name`, or with all of them if few."""
    names = sorted(set(known))
    lower = {item.lower(): item for item in names}
    found = get_close_matches(name.lower(), lower, n=1, cutoff=0.6)
    if found:
        return Notice("did_you_mean", name=lower[found[0]])
    return Notice("known_names", names=names) if 0 < len(names) <= FEW else NOTHING
