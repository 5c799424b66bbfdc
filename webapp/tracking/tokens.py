"""The signed end of a short link: the numbers of a link and of a message; nothing is stored.

Nobody makes one without the key of the instance, so a link leads only where an operator wrote.
"""

import hashlib
import secrets
from functools import lru_cache
from typing import NamedTuple

from itsdangerous import BadSignature, Signer
from itsdangerous.signer import HMACAlgorithm

from webapp.kernel.config import instance_files
from webapp.kernel.config.settings import Settings

# Bytes of the signature: a thousand guesses a second would take a hundred thousand years.
SIGNATURE = 9
LAST = 2**31 - 1
# As long as the numbers of any link and message; what is shown before they are known has these.
LONGEST = LAST
# So many of them are never the number of a link.
EXAMPLES = 10_000
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
BASE = len(DIGITS)


class Numbers(NamedTuple):
    """What a short link is about; without a message it is the same for all readers."""

    link_id: int
    message_id: int | None


class _Short(HMACAlgorithm):
    """A signature cut to what nobody guesses, since a link counts in the length of a text."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """Return the first bytes of the signature."""
        return super().get_signature(key, value)[:SIGNATURE]


def new_link() -> int:
    """Return the number of a new link, which no other has or ever had.

    A database counts on behind the rows it holds: it would give the number of a link that was
    deleted, or that a restored copy does not know of, to one that leads elsewhere.
    """
    return 1 + secrets.randbelow(LAST - EXAMPLES)


def path(settings: Settings, numbers: Numbers) -> str:
    """Return the path of a short link."""
    return f"/l/{_signer(settings, 'link').sign(_written(numbers)).decode()}"


def example(settings: Settings, number: int = 0) -> str:
    """Return the path of a link that is as long as any, and leads nowhere; each number another."""
    return path(settings, Numbers(LONGEST - number, LONGEST))


def numbers_of(settings: Settings, token: str) -> Numbers | None:
    """Return what a token is about; nothing for one that this instance did not make."""
    text = _unsigned(settings, "link", token)
    if text is None:
        return None
    link, _dash, message = text.partition("-")
    return Numbers(_number(link), _number(message) if message else None)


def _written(numbers: Numbers) -> str:
    link = _digits(numbers.link_id)
    return f"{link}-{_digits(numbers.message_id)}" if numbers.message_id else link


class ClickNumbers(NamedTuple):
    """What the signed id of a click is about."""

    key: int
    link_id: int


def of_click(settings: Settings, click: ClickNumbers) -> str:
    """Return the signed id of a click, which its target may tell of a conversion by."""
    written = f"{_digits(click.key)}-{_digits(click.link_id)}"
    return _signer(settings, "click").sign(written).decode()


def click_of(settings: Settings, token: str) -> ClickNumbers | None:
    """Return what the signed id of a click is about; nothing for one that was not made here."""
    text = _unsigned(settings, "click", token)
    if text is None:
        return None
    key, _dash, link = text.partition("-")
    return ClickNumbers(_number(key), _number(link))


def _unsigned(settings: Settings, salt: str, token: str) -> str | None:
    try:
        return _signer(settings, salt).unsign(token).decode()
    except (BadSignature, UnicodeError):
        return None


def _signer(settings: Settings, about: str) -> Signer:
    return _made(instance_files.secret_key(settings), about)


@lru_cache(maxsize=16)
def _made(key: str, about: str) -> Signer:
    """Make a signer once: whoever follows a link waits for what is derived from the key."""
    algorithm = _Short(hashlib.sha256)
    salt = f"fanfare: {about}"
    derived = Signer(key, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256)
    return Signer(derived.derive_key(), salt=salt, key_derivation="none", algorithm=algorithm)


def _digits(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number, BASE)
        text = DIGITS[rest] + text
    return text or "0"


def _number(text: str) -> int:
    return int(text, BASE)
