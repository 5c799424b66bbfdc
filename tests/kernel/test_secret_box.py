import pytest

from webapp.kernel.secret_box import SecretBox, UnreadableSecret, new_key


def test_a_secret_survives_the_vault_and_is_not_readable_in_it():
    secret_box = SecretBox([new_key()])

    locked = secret_box.encrypt("token")

    assert b"token" not in locked
    assert secret_box.decrypt(locked) == "token"


def test_a_rotated_secret_opens_with_the_new_key_alone():
    old, new = new_key(), new_key()
    locked = SecretBox([old]).encrypt("token")

    rotated = SecretBox([new, old]).rotate(locked)

    assert SecretBox([new]).decrypt(rotated) == "token"


def test_a_secret_no_key_opens_says_what_to_do():
    locked = SecretBox([new_key()]).encrypt("token")

    with pytest.raises(UnreadableSecret, match="FANFARE_ENCRYPTION_KEYS"):
        SecretBox([new_key()]).decrypt(locked)
