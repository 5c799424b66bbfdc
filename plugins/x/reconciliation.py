"""Settles unknown outcomes: looks for the post or message where X would show it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from channels import Attempt, ChannelContext, NotSent, Operation, Sent, Unknowable
from channels.http import text_of
from channels.outcomes import CLOCKS_APART
from channels.sentences import _
from plugins.x import links, listing
from plugins.x.client import XClient, understood
from plugins.x.listing import next_of, rows_of
from plugins.x.mapping import media_of, to_moment, unescaped, written_out

# Each row that is read costs. People seldom wrote more to an account since an attempt began.
POSTS, DIRECTS = 100, 20
MOST_PAGES = 3
# X leads a bare address to one with `http://` before it, and some addresses to one with an end.
ADDED = re.compile(r"https?://|/(?!\S)", re.IGNORECASE)
# X takes a signed request for five minutes, so one that was held up may still arrive until then.
SIGNATURE_LASTS = timedelta(seconds=300)
LATER = timedelta(hours=1)
SHORT_AT_END = re.compile(r"\s*https://t\.co/\w+\s*$")


class XReconciliation:
    """The reconciliation part of the channel."""

    def find_sent(self, context: ChannelContext, attempt: Attempt) -> Sent | NotSent | Unknowable:
        """Look through what was written since the attempt began, newest first."""
        cursor: str | None = None
        if attempt.operation == Operation.DIRECT and attempt.person is None:
            return Unknowable(reason=_("Nobody knows any more who the message was for."))
        for _page in range(MOST_PAGES):
            client = XClient(context, Operation.FIND)
            # An answer of another shape is no proof that nothing was sent.
            with understood(writes=False):
                found = _read(client, attempt, cursor)
                rows, cursor = rows_of(found), next_of(found)
                mine = next((row for row in rows if _is_it(context, attempt, row)), None)
                past = any(_before(attempt, row) for row in rows)
                if mine is not None:
                    return _sent(context, attempt, text_of(mine, "id"))
                if any(_may_be_it(attempt, row) for row in rows):
                    reason = _(
                        "A post without words stands there, and X does not say what it shows."
                    )
                    return Unknowable(reason=reason, ask_at=context.now() + LATER)
            if cursor is None or past:
                return attempt.absent(context.now(), lasts=SIGNATURE_LASTS, there=client.date)
        reason = _("Too much has been written since then to be sure.")
        return Unknowable(reason=reason, ask_at=context.now() + LATER)


def _read(client: XClient, attempt: Attempt, cursor: str | None) -> Mapping[str, Any]:
    params: dict[str, object] = {"pagination_token": cursor} if cursor else {}
    if attempt.person is not None:
        params |= {
            "max_results": DIRECTS,
            "event_types": "MessageCreate",
            # Without entities a text with a link never looks like what was written.
            "dm_event.fields": "id,text,event_type,created_at,entities",
            "expansions": "sender_id",
        }
        return client.get(f"/dm_conversations/with/{attempt.person.remote_id}/dm_events", **params)
    since = attempt.started_at - CLOCKS_APART
    params |= {
        "max_results": POSTS,
        "start_time": f"{since:%Y-%m-%dT%H:%M:%SZ}",
    }
    path = f"/users/{client.session.context.remote_id}/tweets"
    return listing.posts(client, path, "created_at,entities,attachments", **params)


def _before(attempt: Attempt, row: Mapping[str, Any]) -> bool:
    return to_moment(row) < attempt.started_at - CLOCKS_APART


def _is_it(context: ChannelContext, attempt: Attempt, row: Mapping[str, Any]) -> bool:
    """Tell whether a row is what the attempt tried, and no other message's."""
    own = row.get("sender_id") in (None, context.remote_id)
    wanted = replace(attempt, text=plain(attempt.text))
    said, at = _said(attempt, row), to_moment(row)
    if attempt.media & media_of(row):
        # An upload is named by one post alone, so its id tells more than any text.
        said = wanted.text
    elif not wanted.text:
        # Without a word one post with a picture looks like another: only its picture tells.
        return False
    return own and wanted.matches(text_of(row, "id"), said, at)


def _said(attempt: Attempt, row: Mapping[str, Any]) -> str:
    """Return what is compared of a row; behind a picture's text X puts a link that nobody wrote."""
    text = written_out(row)
    return plain(SHORT_AT_END.sub("", text) if attempt.media else text)


def _may_be_it(attempt: Attempt, row: Mapping[str, Any]) -> bool:
    """Tell whether a row without a word, of which X does not tell what it shows, may be it."""
    mute = not plain(attempt.text) and not _said(attempt, row) and not media_of(row)
    known = text_of(row, "id") in attempt.known_remote_ids
    return mute and not known and not _before(attempt, row)


def plain(text: str) -> str:
    """Return what X leaves as it was: the words, without blanks, invisible signs or schemes.

    A text that is not found is sent again, so all that X may change is left out on both sides.
    """
    while (bare := unescaped(text)) != text:
        text = bare
    composed = unicodedata.normalize("NFC", ADDED.sub("", text)).casefold()
    return "".join(
        sign for sign in composed if not unicodedata.category(sign).startswith(("C", "Z"))
    )


def _sent(context: ChannelContext, attempt: Attempt, remote_id: str) -> Sent:
    if attempt.person is not None:
        return Sent(remote_id=remote_id)
    return Sent(remote_id=remote_id, url=links.of_post(context, remote_id))
