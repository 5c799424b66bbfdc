"""X's payloads as the contract's values; reads the names of before and after August 2026."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from channels import Account, Operation, Person, RemotePost
from channels.http import Unexpected, text_of
from plugins.x.error_rows import PERMISSION

PERSON_FIELDS = (
    "id,name,username,profile_image_url,protected,public_metrics,receives_your_dm,verified"
)
ACCOUNT_FIELDS = "id,name,username,description,profile_image_url,protected,public_metrics,verified"

# What a token of each level may not do; a level X did not state is unknown and forbids nothing.
LACKS = {
    "read": (Operation.POST, Operation.DELETE, Operation.DIRECT, Operation.INBOX),
    "read-write": (Operation.DIRECT, Operation.INBOX),
}

OF_MEDIA = re.compile(r"/status/\d+/(?:photo|video)/\d+$")

# X renamed these; either may arrive.
FIGURES = {
    "reposts": ("repost_count", "retweet_count"),
    "replies": ("reply_count",),
    "likes": ("like_count",),
    "quotes": ("quote_count",),
    "bookmarks": ("bookmark_count",),
    "views": ("impression_count",),
}


def to_person(user: Mapping[str, Any]) -> Person:
    """Return a user as a person; what X left out is unknown."""
    handle = user.get("username")
    return Person(
        remote_id=text_of(user, "id"),
        handle=str(handle or user["id"]),
        name=str(user.get("name") or handle or ""),
        follower_count=_first(user.get("public_metrics"), "followers_count"),
        verified=_flag(user, "verified"),
        protected=_flag(user, "protected"),
        accepts_messages=_flag(user, "receives_your_dm"),
        avatar_url=_picture(user),
    )


def to_account(user: Mapping[str, Any], posts: Iterable[RemotePost], permissions: str) -> Account:
    """Return a user as the live account of a service."""
    figures = user.get("public_metrics")
    return Account(
        remote_id=text_of(user, "id"),
        handle=text_of(user, "username"),
        name=str(user.get("name") or user["username"]),
        followers=_first(figures, "followers_count"),
        following=_first(figures, "following_count"),
        post_count=_first(figures, "post_count", "tweet_count"),
        protected=_flag(user, "protected"),
        avatar_url=_picture(user),
        description=str(user.get("description") or ""),
        permissions=permissions,
        lacks={operation: str(PERMISSION) for operation in LACKS.get(permissions, ())},
        posts=tuple(posts),
    )


def to_post(post: Mapping[str, Any]) -> RemotePost:
    """Return a post with its links written out and the figures X gave."""
    return RemotePost(
        remote_id=text_of(post, "id"),
        text=written_out(post),
        posted_at=to_moment(post),
        figures=figures_of(post),
    )


def figures_of(post: Mapping[str, Any]) -> dict[str, int]:
    """Return the figures that X gave of a post; what it did not tell is unknown."""
    told = post.get("public_metrics")
    known = {name: _first(told, *names) for name, names in FIGURES.items()}
    return {name: value for name, value in known.items() if value is not None}


def written_out(post: Mapping[str, Any]) -> str:
    """Return a text as it was written, without X's short links and escaped signs."""
    text = unescaped(str(post.get("text") or ""))
    entities = post.get("entities")
    urls = entities.get("urls") if isinstance(entities, Mapping) else None
    for item in urls if isinstance(urls, list) else ():
        if isinstance(item, Mapping) and item.get("url") and item.get("expanded_url"):
            shown = "" if _leads_to_media(item) else str(item["expanded_url"])
            text = text.replace(str(item["url"]), shown)
    return text


def _leads_to_media(item: Mapping[str, Any]) -> bool:
    """Tell whether a link is what X puts behind a text for a picture: nobody wrote it."""
    return bool(item.get("media_key") or OF_MEDIA.search(str(item.get("expanded_url"))))


def media_of(post: Mapping[str, Any]) -> frozenset[str]:
    """Return the ids of what a post shows; X puts a number for its kind before each."""
    attachments = post.get("attachments")
    keys = attachments.get("media_keys") if isinstance(attachments, Mapping) else None
    if not isinstance(keys, list):
        return frozenset()
    return frozenset(str(key).rpartition("_")[2] for key in keys)


def unescaped(text: str) -> str:
    """Return a text with the three signs that X escapes."""
    for escaped, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(escaped, sign)
    return text


def to_moment(row: Mapping[str, Any]) -> datetime:
    """Return when a post or message was made, aware, in UTC; raises `Unexpected` without that."""
    try:
        at = datetime.fromisoformat(text_of(row, "created_at"))
    except ValueError as fault:
        raise Unexpected("created_at") from fault
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _flag(user: Mapping[str, Any], name: str) -> bool | None:
    """Return a yes or no; anything else is unknown."""
    value = user.get(name)
    return value if isinstance(value, bool) else None


def _picture(user: Mapping[str, Any]) -> str | None:
    """Return the address of a user's picture; the one X shows for everybody without is none."""
    url = user.get("profile_image_url")
    return None if not isinstance(url, str) or "/default_profile_images/" in url else url


def _first(figures: Any, *names: str) -> int | None:
    """Return the first figure that is a number; a figure of another kind is unknown."""
    if isinstance(figures, dict | Mapping):
        for name in names:
            value = figures.get(name)
            if isinstance(value, int):
                return int(value)
    return None
