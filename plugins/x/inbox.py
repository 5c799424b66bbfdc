"""Reads the direct messages people wrote to an account, and what their words ask for."""

from collections.abc import Mapping
from typing import Any

from channels import ChannelContext, InboundMessage, InboundPage, Operation, Person
from channels.texts import wish_of
from plugins.x.client import XClient, rows_of, understood
from plugins.x.mapping import PERSON_FIELDS, to_moment, to_person, written_out

PAGE = 100


class XInbox:
    """The inbox part of the channel."""

    def read(self, context: ChannelContext, cursor: str | None) -> InboundPage:
        """Return a page of what people wrote; the account's own messages are left out."""
        client = XClient(context, Operation.INBOX)
        params: dict[str, object] = {
            "max_results": PAGE,
            "event_types": "MessageCreate",
            "dm_event.fields": "id,text,event_type,created_at,dm_conversation_id,entities",
            "expansions": "sender_id",
            "user.fields": PERSON_FIELDS,
        }
        if cursor:
            params["pagination_token"] = cursor
        found = client.get("/dm_events", **params)
        with understood(writes=False):
            people = _people(found)
            received = [event for event in rows_of(found) if _is_received(context, event)]
            return InboundPage(
                messages=tuple(_message(event, people) for event in received),
                next_cursor=found["meta"].get("next_token"),
                besides=tuple(
                    to_moment(event["created_at"])
                    for event in rows_of(found)
                    if event not in received
                ),
            )


def _is_received(context: ChannelContext, event: Mapping[str, Any]) -> bool:
    """Tell whether a person wrote to the account alone: who wrote to a group asked for nothing.

    X names a conversation of two by both ids, and a group by one.
    """
    is_group = str(event.get("dm_conversation_id", "-")).isdecimal()
    return not is_group and event.get("sender_id") not in (None, context.remote_id)


def _people(found: Mapping[str, Any]) -> dict[str, Person]:
    users = found.get("includes", {}).get("users", ())
    return {str(user["id"]): to_person(user) for user in users}


def _message(event: Mapping[str, Any], people: Mapping[str, Person]) -> InboundMessage:
    sender = str(event["sender_id"])
    text = written_out(event)
    return InboundMessage(
        remote_id=str(event["id"]),
        person=people.get(sender) or Person(remote_id=sender, handle=sender, name=sender),
        text=text,
        received_at=to_moment(event["created_at"]),
        wish=wish_of(text),
    )
