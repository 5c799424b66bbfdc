"""Passwords that cost little, a clock that stands, and an operator whose password is guessed."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher

from channels.clock import FileClock
from tests.support.guessing import MAIL, PASSWORD
from webapp.kernel.runtime import Runtime
from webapp.operators.accounts import team
from webapp.operators.authentication import passwords
from webapp.operators.models import Operator, Role


@pytest.fixture(autouse=True, scope="package")
def cheap() -> Iterator[None]:
    """Hash with hardly any memory and time: how dear a guess is, is the library's business."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(1, 64, 1))
        passwords._decoy.cache_clear()
        yield
    passwords._decoy.cache_clear()


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of this machine stands still: a wait lasts until a test lets it pass."""
    now = datetime.now(UTC)
    monkeypatch.setattr(FileClock, "system", lambda _clock: now)


@pytest.fixture
def ines(runtime: Runtime) -> Operator:
    """An administrator with a password."""
    locked = passwords.hashed(PASSWORD)
    return team.create(runtime, name="Inès", email=MAIL, role=Role.ADMIN, password_hash=locked)
