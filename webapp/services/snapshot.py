"""The live account as it is stored with a service, for pages that must not wait for the network."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from channels import Account, RemotePost


def of_account(account: Account) -> dict[str, Any]:
    """Return the account as plain JSON."""
    plain = asdict(account)
    plain["posts"] = [_of_post(post) for post in account.posts]
    return plain


def _of_post(post: RemotePost) -> dict[str, Any]:
    return {
        "remote_id": post.remote_id,
        "text": post.text,
        "posted_at": post.posted_at.isoformat(),
        "figures": dict(post.figures),
    }


def to_account(stored: dict[str, Any]) -> Account:
    """Return a stored account as the value that templates and plugins know."""
    posts = tuple(
        RemotePost(**{**post, "posted_at": datetime.fromisoformat(post["posted_at"])})
        for post in stored.get("posts", ())
    )
    return Account(**{**stored, "posts": posts})
