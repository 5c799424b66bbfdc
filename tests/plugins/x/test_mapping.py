"""X's payloads become the contract's values."""

import pytest

from plugins.x.mapping import to_account, written_out

USER = {"id": "1001", "username": "ateliernord"}


@pytest.mark.parametrize(
    ("level", "lacks"),
    [
        ("read", {"post", "delete", "direct", "inbox"}),
        ("read-write", {"direct", "inbox"}),
        ("read-write-directmessages", set()),
        ("", set()),
    ],
)
def test_an_account_names_what_its_token_may_not_do(app, level: str, lacks: set[str]):
    with app.app_context():
        account = to_account(USER, (), level)

    assert {item.name for item in account.lacks} == lacks
    assert all("make a new access token" in fix for fix in account.lacks.values())


def test_a_text_is_told_as_it_was_written():
    post = {
        "text": "Tom &amp; Jerry &lt;3 &amp;amp; https://t.co/x",
        "entities": {
            "urls": [{"url": "https://t.co/x", "expanded_url": "https://shop.example/?a=1&b=2"}]
        },
    }

    assert written_out(post) == "Tom & Jerry <3 &amp; https://shop.example/?a=1&b=2"
