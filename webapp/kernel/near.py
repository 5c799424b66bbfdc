"""What somebody meant who mistyped a name."""

from collections.abc import Iterable
from difflib import get_close_matches

FEW = 8


def near(name: str, known: Iterable[str]) -> str:
    """Return a sentence with the known name nearest to `name`, or with all of them if few."""
    names = sorted(set(known))
    lower = {item.lower(): item for item in names}
    found = get_close_matches(name.lower(), lower, n=1, cutoff=0.6)
    if found:
        return f"Did you mean {lower[found[0]]}?"
    return f"Known: {', '.join(names)}." if 0 < len(names) <= FEW else ""
