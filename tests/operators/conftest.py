"""Passwords that cost little: how dear a guess is, is the library's business."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from webapp.operators import passwords


@pytest.fixture(autouse=True, scope="package")
def cheap() -> Iterator[None]:
    """Hash with hardly any memory and time for these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(1, 64, 1))
        passwords._decoy.cache_clear()
        yield
    passwords._decoy.cache_clear()
