"""The signed end of a short link: the numbers of a link and of a message; nothing is stored.

Nobody makes one without the key of the instance, so a link leads only where an operator wrote.
"""

import hashlib
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


def of_click(settings: Settings, key: int) -> str:
    """Return the signed id of a click, which its target may tell of a conversion by."""
    return _signer(settings, "click").sign(_digits(key)).decode()


def click_of(settings: Settings, token: str) -> int | None:
    """Return the key of a click by its signed id; nothing for one that was not made here."""
    text = _unsigned(settings, "click", token)
    return None if text is None else _number(text)


def _unsigned(settings: Settings, salt: str, token: str) -> str | None:
    try:
        return _signer(settings, salt).unsign(token).decode()
    except (BadSignature, UnicodeError):
        return None


def _signer(settings: Settings, about: str) -> Signer:
    key = instance_files.secret_key(settings)
    algorithm = _Short(hashlib.sha256)
    return Signer(key, salt=f"fanfare: {about}", key_derivation="hmac", algorithm=algorithm)


def _digits(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number, BASE)
        text = DIGITS[rest] + text
    return text or "0"


def _number(text: str) -> int:
    return int(text, BASE)
