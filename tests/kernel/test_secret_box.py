import pytest

from webapp.kernel.secret_box import UnreadableSecret, Vault, new_key


def test_a_secret_survives_the_vault_and_is_not_readable_in_it():
    vault = Vault([new_key()])

    locked = vault.lock("token")

    assert b"token" not in locked
    assert vault.open(locked) == "token"


def test_a_rotated_secret_opens_with_the_new_key_alone():
    old, new = new_key(), new_key()
    locked = Vault([old]).lock("token")

    rotated = Vault([new, old]).rotate(locked)

    assert Vault([new]).open(rotated) == "token"


def test_a_secret_no_key_opens_says_what_to_do():
    locked = Vault([new_key()]).lock("token")

    with pytest.raises(UnreadableSecret, match="FANFARE_ENCRYPTION_KEYS"):
        Vault([new_key()]).open(locked)
