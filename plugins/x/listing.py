"""Reads X's lists: their rows, the place of the next page, and posts by either of two names."""

from collections.abc import Mapping, Sequence
from typing import Any

from channels import ChannelError
from channels.http import Unexpected, member_of
from plugins.x import errors
from plugins.x.client import XClient

# X's pages name this parameter by the first, its description since version 2.167 by the second
# alone. Neither says what becomes of the other name.
POST_FIELDS = ("tweet.fields", "post.fields")
REMEMBERED = "post_fields"


def rows_of(found: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a list; X's description requires neither `data` nor `meta` of one.

    X leaves `data` out where there is nothing. An answer without both says nothing, which is no
    empty list: who left, and what was never sent, is told by what a list does not hold.
    """
    if "data" not in found:
        if "meta" not in found and found.get("errors"):
            raise errors.of_partial(found)
        if member_of(found, "meta", "result_count") != 0:
            raise Unexpected("data")
        return []
    rows = found["data"]
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise Unexpected("data")
    return rows


def looked_up(
    client: XClient, remote_ids: Sequence[str], fields: str
) -> Sequence[Mapping[str, Any]]:
    """Return those of some posts that X shows; the others it names as errors, perhaps all."""
    try:
        return rows_of(posts(client, "/tweets", fields, ids=",".join(remote_ids)))
    except errors.NothingShown:
        return []


def next_of(found: Mapping[str, Any]) -> str | None:
    """Return the place of the next page; a list that names none ends here."""
    meta = found.get("meta", {})
    if not isinstance(meta, Mapping):
        raise Unexpected("meta")
    token = meta.get("next_token") or None
    if not isinstance(token, str | None):
        raise Unexpected("meta.next_token")
    return token


def posts(client: XClient, path: str, fields: str, **params: Any) -> Mapping[str, Any]:
    """Read a list of posts with these fields, `created_at` among them.

    Asked by the name that worked last, else by the old one; by the other where X refuses the name,
    or passes over it, so that posts come without a time. What worked is remembered.
    """
    context = client.session.context
    first = context.state.get(REMEMBERED, POST_FIELDS[0])
    other = POST_FIELDS[first == POST_FIELDS[0]]
    try:
        found = client.get(path, **{first: fields}, **params)
        if all("created_at" in row for row in rows_of(found)):
            return found
    except ChannelError as fault:
        if not errors.objects_to(fault, first):
            raise
    found = client.get(path, **{other: fields}, **params)
    context.remember(REMEMBERED, other)
    return found
