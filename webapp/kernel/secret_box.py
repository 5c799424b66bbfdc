"""Encrypts the secrets of services; the newest key writes, every key reads."""

import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from webapp.kernel.errors import FanfareError
from webapp.kernel.text.notices import Notice

MOST_REMEMBERED = 10_000
NAMED = b"fanfare: the name of the key "


class UnreadableSecret(FanfareError):
    """No key of this instance opens a stored secret."""


class SecretBox:
    """Locks and opens secrets with the instance's encryption keys."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take the keys, newest first; at least one."""
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._opened: set[bytes] = set()
        # What each key is called, newest first; of no use to who wants the key itself.
        self.names = tuple(hashlib.sha256(NAMED + key.encode()).hexdigest()[:16] for key in keys)

    def encrypt(self, text: str) -> bytes:
        """Encrypt `text` with the newest key."""
        return self._fernet.encrypt(text.encode())

    def decrypt(self, ciphertext: bytes) -> str:
        """Decrypt; raise `UnreadableSecret` when no key fits."""
        try:
            return self._fernet.decrypt(ciphertext).decode()
        except InvalidToken as cause:
            raise UnreadableSecret(Notice("unreadable_secret")) from cause

    def can_decrypt(self, ciphertext: bytes) -> bool:
        """Tell whether a key of this instance opens a stored secret.

        Each page asks that of all of them, and the keys of a process never change: one that opened
        once is remembered by its hash.
        """
        name = hashlib.sha256(ciphertext).digest()
        if name in self._opened:
            return True
        try:
            self._fernet.decrypt(ciphertext)
        except InvalidToken:
            return False
        if len(self._opened) >= MOST_REMEMBERED:
            self._opened.clear()
        self._opened.add(name)
        return True

    def fresh(self, ciphertext: str, seconds: int) -> str:
        """Decrypt what was locked within the last `seconds`; return nothing for anything else."""
        try:
            return self._fernet.decrypt(ciphertext, ttl=seconds).decode()
        except InvalidToken:
            return ""

    def rotate(self, ciphertext: bytes) -> bytes:
        """Encrypt again with the newest key; raise `UnreadableSecret` when no key fits."""
        try:
            return self._fernet.rotate(ciphertext)
        except InvalidToken:
            return self.encrypt(self.decrypt(ciphertext))


def new_key() -> str:
    """Make a fresh encryption key."""
    return Fernet.generate_key().decode()
