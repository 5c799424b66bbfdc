"""Whether this process was asked to end: long work then stops after its next step.

What is under way, such as a call to a network, is finished, so that its outcome is known.
"""

import threading

_asked = threading.Event()


def ask(*_signal: object) -> None:
    """Ask this process to end its work soon; fit to be the handler of a signal."""
    _asked.set()


def asked() -> bool:
    """Tell whether it was asked to end."""
    return _asked.is_set()
