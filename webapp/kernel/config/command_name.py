"""What the command line is called here, so that a sentence names what its reader can type."""

import os
import sys
from pathlib import Path

# Set by the script `run`, which everything it starts inherits.
VARIABLE = "_FANFARE_COMMAND"
CHECKOUT = Path(__file__).resolve().parents[3]


class Command:
    """The name of the command; it is looked up whenever a sentence is shown."""

    def __str__(self) -> str:
        """Return how this process was called, or how its instance most likely is."""
        program = Path(sys.argv[0])
        if told := os.environ.get(VARIABLE):
            return told
        if program.name == "fanfare":
            return "fanfare"
        if program.name == "__main__.py":
            return "python -m webapp"
        return "./run" if (CHECKOUT / "run").is_file() else "fanfare"


RUN = Command()
