"""Reads what X counts of posts, up to a hundred at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from channels import ChannelContext, Operation, PostFigures
from channels.http import text_of
from channels.sentences import _
from plugins.x import listing
from plugins.x.client import XClient, understood
from plugins.x.mapping import figures_of

AT_ONCE = 100


class XMetrics:
    """The metrics part of the channel."""

    def figures(self) -> Mapping[str, str]:
        """Return what X counts for everybody; what it tells authors alone needs other rights."""
        return {
            "views": _("Views"),
            "likes": _("Likes"),
            "replies": _("Replies"),
            "reposts": _("Reposts"),
            "quotes": _("Quotes"),
            "bookmarks": _("Bookmarks"),
        }

    def at_once(self) -> int:
        """Return how many posts X looks up by one request."""
        return AT_ONCE

    def read(self, context: ChannelContext, remote_ids: Sequence[str]) -> Sequence[PostFigures]:
        """Look the posts up; those that are gone, X names as problems beside the others."""
        client = XClient(context, Operation.METRICS)
        with understood(writes=False):
            found = listing.looked_up(client, remote_ids, "created_at,public_metrics")
            return [_figures(row) for row in found]


def _figures(row: Mapping[str, Any]) -> PostFigures:
    return PostFigures(remote_id=text_of(row, "id"), figures=figures_of(row))
