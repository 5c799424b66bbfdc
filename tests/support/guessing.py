"""Wrong passwords, as somebody elsewhere tries them on the account of an operator."""

import pytest

from webapp.kernel.runtime import Runtime
from webapp.operators.authentication.login import LoginRefused, log_in
from webapp.operators.authentication.throttle import TooSoon

PASSWORD = "a horn in the morning"
MAIL = "ines@ateliernord.example"
HERE, THERE = "192.0.2.1", "198.51.100.7"


def fail(runtime: Runtime, email: str = MAIL, address: str = THERE, **more) -> str:
    """Try a wrong password and return what is said."""
    with pytest.raises((LoginRefused, TooSoon)) as refused:
        log_in(runtime, email, "wrong", address=address, **more)
    return refused.value.message
