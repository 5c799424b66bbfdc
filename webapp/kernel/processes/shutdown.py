"""Whether this process was asked to end: long work then stops after its next step.

What is under way, such as a call to a network, is finished, so that its outcome is known.
"""

from contextlib import suppress
from queue import Empty, SimpleQueue


class Stop:
    """A wish to end, set by the handler of a signal and waited for by the program.

    The handler takes no lock. That of `threading.Event` would be waited for without end where a
    second signal follows at once, as when a supervisor and the parent both send one, or where the
    signal meets the program while it begins to wait.
    """

    def __init__(self) -> None:
        self._asked = False
        # The only queue of the library whose `put` may interrupt its own `get` in one thread.
        self._bell: SimpleQueue[None] = SimpleQueue()

    def ask(self, *_signal: object) -> None:
        """Ask for the end; fit to be the handler of a signal."""
        self._asked = True
        self._bell.put(None)

    def asked(self) -> bool:
        """Tell whether somebody asked."""
        return self._asked

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until somebody asks; tell whether somebody did."""
        if not self._asked:
            with suppress(Empty):
                self._bell.get(timeout=seconds)
        return self._asked


# Of this process: the workers' children look here, at every step of their jobs.
_stop = Stop()
ask, asked = _stop.ask, _stop.asked
