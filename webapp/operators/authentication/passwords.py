"""Passwords: argon2 hashes, and what a good one is.

The rules follow NIST SP 800-63B, section 5.1.1.2: a length, no rules about kinds of characters, and
a check against what is tried first, which here includes what is known of the operator.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _

SHORTEST = 10
LONGEST = 1_000

# The power of ten of the guesses that a password must outlast, by which zxcvbn begins to call it
# safe. Ten random characters take 10, or nearly 9 where chance put a short word among them.
LEAST_GUESSES = 8.0
# A word and a year, with signs about them; lists lack most languages, and take the word for chance.
WORD_AND_YEAR = re.compile(r"[\W_]*[^\W\d_]+[\W_]*(19|20)\d\d[\W_]*")
# The estimate takes time that grows with the square of the length, and nothing long is guessed.
LONGEST_ESTIMATED = 72
PRODUCT = "fanfare"

_hasher = PasswordHasher()


def hashed(password: str, about: Iterable[str] = ()) -> str:
    """Return the argon2 hash of `password`; raise `Invalid` when it is too weak or too long.

    `about` is what is known of the operator: name, email.
    """
    fault = weakness(password, about)
    if fault:
        raise Invalid(fault, {"password": fault})
    return _hasher.hash(password)


def weakness(password: str, about: Iterable[str] = ()) -> str:
    """Return what is wrong with a password, as a sentence; empty when nothing is."""
    if len(password) < SHORTEST:
        return _("A password has at least %(n)s characters.", n=SHORTEST)
    if len(password) > LONGEST:
        return _("A password has at most %(n)s characters.", n=LONGEST)
    known = _known(about)
    found = [_estimate(text, known) for text in _readings(password)]
    worst = min(found, key=lambda one: float(one["guesses_log10"]))
    obvious = worst["guesses_log10"] < LEAST_GUESSES or WORD_AND_YEAR.fullmatch(password)
    return _reason(worst) if obvious else ""


def _estimate(text: str, known: list[str]) -> dict[str, Any]:
    # Its lists of words take half a second and some memory, which only this needs.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    return dict(zxcvbn(text, user_inputs=known))


def _readings(password: str) -> list[str]:
    """Return what to estimate: as typed and, if it stays long enough, without what joins words."""
    text = _plain(password)[:LONGEST_ESTIMATED]
    joined = re.sub(r"[\s._-]", "", text)
    return [text, joined] if len(joined) >= SHORTEST else [text]


def _known(about: Iterable[str]) -> list[str]:
    """Return what somebody who knows the operator tries first: each text and its words."""
    texts = [_plain(text) for text in about if text]
    parts = [part for text in texts for part in re.split(r"[^\w]+", text) if len(part) > 1]
    return [*texts, *parts, PRODUCT]


def _plain(text: str) -> str:
    """Return a text in full-width forms and accents of no kind, in small letters."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in spread if not unicodedata.combining(sign))


def _reason(estimate: dict[str, Any]) -> str:
    """Say why a password is easy to guess, by the first thing that makes it so."""
    kinds = [item.get("dictionary_name", item["pattern"]) for item in estimate["sequence"]]
    if "user_inputs" in kinds:
        return _(
            "This password is easy to guess: it holds your name, your email or the name of this "
            "product. A sentence of your own is better."
        )
    if {"repeat", "sequence", "spatial"} & {kinds[0]}:
        return _(
            "This password is easy to guess: it repeats itself or follows a row. "
            "A sentence of your own is better."
        )
    return _(
        "This password is easy to guess: it is among those that are tried first. "
        "A sentence of your own is better."
    )


def fits(password: str, stored: str | None) -> bool:
    """Tell whether `password` is the stored one; an unknown operator takes just as long."""
    try:
        return _hasher.verify(stored or _decoy(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _hasher.hash(secrets.token_hex(16))
