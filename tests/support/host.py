"""What the tests take from their machine: its tools, and nothing that changes a result."""

import os

from hypothesis import HealthCheck, settings

from webapp.kernel.config import command_name

# Where somebody keeps X's description of its API; it only adds tests.
KEPT = "FANFARE_X_OPENAPI"
# Settings of an instance, and what libpq reads wherever an address leaves something out.
PREFIXES = ("FANFARE_", "DATABASE_URL", "REDIS_URL", "PG")
PROXY = "_proxy"

# The same examples each time and however slow the machine is, so that a failure is of the change
# it comes with. `--hypothesis-profile default` looks for others.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")


def pytest_configure() -> None:
    """Forget the instance, the database and the proxy that the variables of this machine name.

    Sentences call the command by the name of the script, whoever started the tests.
    """
    for name in [name for name in os.environ if of_the_machine(name)]:
        del os.environ[name]
    os.environ[command_name.VARIABLE] = "./run"


def of_the_machine(name: str) -> bool:
    """Tell whether a variable would lead tests to what is not theirs."""
    return name != KEPT and (name.startswith(PREFIXES) or name.lower().endswith(PROXY))
