"""E-mail addresses: how they are compared, and how search looks at them."""

from webapp.kernel.text.lengths import LONGEST

SIGN = "@"


def key_of(email: str) -> str:
    """Return how an address is compared: without regard to capital letters."""
    return email.strip().casefold()[:LONGEST]


def is_meant(words: str) -> bool:
    """Tell whether somebody looks for an address and not for a name."""
    return SIGN in words.strip(f"{SIGN} ")


def before_sign(email_key: str) -> str:
    """Return the part of an address that is the person's own; the other one thousands share."""
    return email_key.partition(SIGN)[0]
