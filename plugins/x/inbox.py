"""Reads the direct messages people wrote to an account, and what their words ask for."""

from collections.abc import Mapping
from typing import Any

from channels import ChannelContext, InboundMessage, InboundPage, Operation, Person
from channels.http import text_of
from channels.texts import wish_of
from plugins.x.client import XClient, understood
from plugins.x.listing import next_of, rows_of
from plugins.x.mapping import PERSON_FIELDS, to_moment, to_person, written_out

PAGE = 100
MESSAGE = "MessageCreate"
FIELDS = "id,text,event_type,created_at,dm_conversation_id,entities"


class XInbox:
    """The inbox part of the channel."""

    def read(self, context: ChannelContext, cursor: str | None) -> InboundPage:
        """Return a page of what people wrote; the account's own messages are left out."""
        client = XClient(context, Operation.INBOX)
        params: dict[str, object] = {
            "max_results": PAGE,
            "event_types": MESSAGE,
            "dm_event.fields": FIELDS,
            "expansions": "sender_id",
            "user.fields": PERSON_FIELDS,
        }
        if cursor:
            params["pagination_token"] = cursor
        found = client.get("/dm_events", **params)
        with understood(writes=False):
            people, rows = _people(found), rows_of(found)
            received = [event for event in rows if _is_received(context, event)]
            return InboundPage(
                messages=tuple(_message(event, people) for event in received),
                next_cursor=next_of(found),
                besides=tuple(to_moment(event) for event in rows if event not in received),
            )


def _is_received(context: ChannelContext, event: Mapping[str, Any]) -> bool:
    """Tell whether a person wrote to the account alone: who wrote to a group asked for nothing.

    X names a conversation of two by both ids, and a group by one. Raises `Unexpected` where X does
    not say who wrote: a STOP of an unknown sender would be passed over.
    """
    if event.get("event_type", MESSAGE) != MESSAGE:
        return False
    is_group = str(event.get("dm_conversation_id", "-")).isdecimal()
    return not is_group and text_of(event, "sender_id") != context.remote_id


def _people(found: Mapping[str, Any]) -> dict[str, Person]:
    """Return those who are described beside the messages; a sender may be missing there."""
    included = found.get("includes")
    users = included.get("users") if isinstance(included, Mapping) else None
    known = users if isinstance(users, list) else ()
    people = [to_person(user) for user in known if isinstance(user, Mapping) and user.get("id")]
    return {person.remote_id: person for person in people}


def _message(event: Mapping[str, Any], people: Mapping[str, Person]) -> InboundMessage:
    sender = text_of(event, "sender_id")
    text = written_out(event)
    return InboundMessage(
        remote_id=text_of(event, "id"),
        person=people.get(sender) or Person(remote_id=sender, handle=sender, name=sender),
        text=text,
        received_at=to_moment(event),
        wish=wish_of(text),
    )
