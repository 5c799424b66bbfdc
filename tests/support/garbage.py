"""What was imported stays, so Python's collector of garbage need not look through it in each test.

That was a fifth of what quick tests took: a third of a million objects, again and again.
"""

import gc

# So many new objects are made before it looks at them; 700 are what Python begins with.
NEW = 20_000


def pytest_configure() -> None:
    """Let it look less often."""
    gc.set_threshold(NEW, 10, 10)


def pytest_collection_finish() -> None:
    """Let it pass over all that every test uses."""
    gc.freeze()
