"""Passwords: argon2 hashes, and what a good one is."""

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.kernel.errors import Invalid
from webapp.kernel.words import _

SHORTEST = 10
LONGEST = 1_000

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """Return the argon2 hash of `password`; raise `Invalid` when it is too weak or too long."""
    fault = weakness(password)
    if fault:
        raise Invalid(fault, {"password": fault})
    return _hasher.hash(password)


def weakness(password: str) -> str:
    """Return what is wrong with a password, as a sentence; empty when nothing is."""
    if len(password) < SHORTEST:
        return _("A password has at least %(n)s characters.", n=SHORTEST)
    if len(password) > LONGEST:
        return _("A password has at most %(n)s characters.", n=LONGEST)
    if len(set(password)) < SHORTEST // 2:
        return _("This password repeats too few characters; a sentence of your own is better.")
    return ""


def fits(password: str, stored: str | None) -> bool:
    """Tell whether `password` is the stored one; an unknown operator takes just as long."""
    try:
        return _hasher.verify(stored or _decoy(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _hasher.hash(secrets.token_hex(16))
