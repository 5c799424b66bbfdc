"""X's payloads become the contract's values."""

import pytest

from plugins.x.mapping import to_account

USER = {"id": "1001", "username": "ateliernord"}


@pytest.mark.parametrize(
    ("level", "lacks"),
    [
        ("read", {"post", "delete", "direct"}),
        ("read-write", {"direct"}),
        ("read-write-directmessages", set()),
        ("", set()),
    ],
)
def test_an_account_names_what_its_token_may_not_do(app, level: str, lacks: set[str]):
    with app.app_context():
        account = to_account(USER, (), level)

    assert set(account.lacks) == lacks
    assert all("make a new access token" in fix for fix in account.lacks.values())
