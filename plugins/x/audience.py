"""Reads the followers of an account, a thousand at a time."""

from channels import AudiencePage, ChannelContext, Operation
from plugins.x.client import XClient, understood
from plugins.x.listing import next_of, rows_of
from plugins.x.mapping import PERSON_FIELDS, to_person

PAGE = 1_000


class XAudience:
    """The audience part of the channel."""

    def read(self, context: ChannelContext, cursor: str | None) -> AudiencePage:
        """Return a page of followers."""
        client = XClient(context, Operation.AUDIENCE)
        params: dict[str, object] = {"max_results": PAGE, "user.fields": PERSON_FIELDS}
        if cursor:
            params["pagination_token"] = cursor
        found = client.get(f"/users/{context.remote_id}/followers", **params)
        with understood(writes=False):
            return AudiencePage(
                people=tuple(to_person(user) for user in rows_of(found)),
                next_cursor=next_of(found),
            )
