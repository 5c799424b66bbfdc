"""The names X gives to things of posts: it renamed them in August 2026, nobody knows where.

X's pages still use the old names, its description since version 2.167 the new ones alone.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

OLD_PARAMETER, NEW_PARAMETER = "tweet.fields", "post.fields"
OLD_NAMES = {
    "edit_history_post_ids": "edit_history_tweet_ids",
    "most_recent_post_id": "most_recent_tweet_id",
    "pinned_post_id": "pinned_tweet_id",
    "post_count": "tweet_count",
    "referenced_posts": "referenced_tweets",
    "repost_count": "retweet_count",
}


class Names(StrEnum):
    """Which parameter is known; the members of answers are new unless only the old one is."""

    BOTH = "both"
    OLD = "old"
    NEW = "new"


@dataclass
class Dialect:
    """The names in use; with `quiet`, a parameter of the other name is passed over, not refused."""

    names: Names = Names.BOTH
    quiet: bool = False

    @property
    def unknown(self) -> tuple[str, ...]:
        """The parameters that mean nothing here."""
        return {
            Names.BOTH: (),
            Names.OLD: (NEW_PARAMETER,),
            Names.NEW: (OLD_PARAMETER,),
        }[self.names]

    @property
    def refused(self) -> tuple[str, ...]:
        """The parameters that a request may not have."""
        return () if self.quiet else self.unknown

    def spoken(self, body: Any) -> Any:
        """Return the body of an answer by the names in use."""
        return _renamed(body) if self.names is Names.OLD else body


def _renamed(body: Any) -> Any:
    if isinstance(body, list):
        return [_renamed(row) for row in body]
    if not isinstance(body, dict):
        return body
    return {OLD_NAMES.get(name, name): _renamed(value) for name, value in body.items()}
