"""Settles unknown outcomes: looks for the post or message where X would show it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from channels import Attempt, ChannelContext, NotSent, Operation, Sent, Unknowable
from plugins.x.client import XClient, rows_of, understood
from plugins.x.mapping import to_moment, unescaped, written_out

PAGE = 100
MOST_PAGES = 3
# X dates to the second, and two clocks are never quite alike.
SLACK = timedelta(seconds=10)
# X takes a signed request for five minutes, so one that was held up may still arrive until then.
SIGNATURE_LASTS = timedelta(seconds=300)
LATER = timedelta(hours=1)


class XReconciliation:
    """The reconciliation part of the channel."""

    def find_sent(self, context: ChannelContext, attempt: Attempt) -> Sent | NotSent | Unknowable:
        """Look through what was written since the attempt began, newest first."""
        cursor: str | None = None
        for _page in range(MOST_PAGES):
            client = XClient(context, Operation.FIND)
            found = _read(client, attempt, cursor)
            # An answer of another shape is no proof that nothing was sent.
            with understood(writes=False):
                rows, cursor = rows_of(found), found["meta"].get("next_token")
                mine = next((row for row in rows if _is_it(context, attempt, row)), None)
                past = any(_before(attempt, row) for row in rows)
            if mine is not None:
                return _sent(context, attempt, str(mine["id"]))
            if cursor is None or past:
                return attempt.absent(context.now(), lasts=SIGNATURE_LASTS, there=client.date)
        reason = _("Too much was written since to be sure.")
        return Unknowable(reason=reason, ask_at=context.now() + LATER)


def _read(client: XClient, attempt: Attempt, cursor: str | None) -> Mapping[str, Any]:
    params: dict[str, object] = {"max_results": PAGE}
    if cursor:
        params["pagination_token"] = cursor
    if attempt.person is not None:
        params |= {
            "event_types": "MessageCreate",
            # Without entities a text with a link never looks like what was written.
            "dm_event.fields": "id,text,event_type,created_at,entities",
            "expansions": "sender_id",
        }
        return client.get(f"/dm_conversations/with/{attempt.person.remote_id}/dm_events", **params)
    params["tweet.fields"] = "created_at,entities"
    return client.get(f"/users/{client.session.context.remote_id}/tweets", **params)


def _before(attempt: Attempt, row: Mapping[str, Any]) -> bool:
    return to_moment(row["created_at"]) < attempt.started_at - SLACK


def _is_it(context: ChannelContext, attempt: Attempt, row: Mapping[str, Any]) -> bool:
    """Tell whether a row is what the attempt tried, and no other message's."""
    own = row.get("sender_id") in (None, context.remote_id)
    same = _plain(written_out(row)) == _plain(attempt.text)
    free = str(row["id"]) not in attempt.known_remote_ids
    return own and same and free and not _before(attempt, row)


def _plain(text: str) -> str:
    """Compare words alone: X trims blanks and escapes three characters."""
    return " ".join(unescaped(text).split())


def _sent(context: ChannelContext, attempt: Attempt, remote_id: str) -> Sent:
    if attempt.person is not None:
        return Sent(remote_id=remote_id)
    return Sent(remote_id=remote_id, url=f"https://x.com/{context.handle}/status/{remote_id}")
