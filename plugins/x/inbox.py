"""Reads the direct messages people wrote to an account, and what their words ask for."""

from collections.abc import Mapping
from typing import Any

from channels import ChannelContext, InboundMessage, InboundPage, Operation, Person, Wish
from plugins.x.client import XClient, rows_of, understood
from plugins.x.mapping import PERSON_FIELDS, to_moment, to_person

PAGE = 100

# One word alone, whatever its case and marks, in the languages of X's help pages.
STOP_WORDS = frozenset(
    {
        "stop", "stopp", "stopall", "unsubscribe", "cancel", "quit", "end", "arret", "arrêt",
        "arrêter", "arreter", "désabonner", "abmelden", "abbestellen", "baja", "cancelar", "parar",
        "alto", "basta", "disiscriviti", "afmelden", "uitschrijven", "sair", "avsluta", "lopeta",
        "стоп", "отписаться", "停止", "配信停止", "退订", "중지",
    }
)  # fmt: skip
OPT_IN_WORDS = frozenset(
    {
        "yes", "start", "join", "subscribe", "unstop", "oui", "démarrer", "abonner", "ja",
        "anmelden", "sí", "si", "alta", "suscribir", "sim", "iniziare", "iscriviti", "aanmelden",
        "да", "старт", "はい", "开始", "네",
    }
)  # fmt: skip
MARKS = " .!?,;:'\"“”«»()[]*_-\n\t"


def wish_of(text: str) -> Wish | None:
    """Return what a message asks for, when it is a single known word."""
    word = text.strip(MARKS).casefold()
    if word in STOP_WORDS:
        return Wish.STOP
    return Wish.OPT_IN if word in OPT_IN_WORDS else None


class XInbox:
    """The inbox part of the channel."""

    def read(self, context: ChannelContext, cursor: str | None) -> InboundPage:
        """Return a page of what people wrote; the account's own messages are left out."""
        client = XClient(context, Operation.INBOX)
        params: dict[str, object] = {
            "max_results": PAGE,
            "event_types": "MessageCreate",
            "dm_event.fields": "id,text,event_type,created_at,sender_id,dm_conversation_id",
            "expansions": "sender_id",
            "user.fields": PERSON_FIELDS,
        }
        if cursor:
            params["pagination_token"] = cursor
        found = client.get("/dm_events", **params)
        with understood(writes=False):
            people = _people(found)
            return InboundPage(
                messages=tuple(
                    _message(event, people)
                    for event in rows_of(found)
                    if event.get("sender_id") not in (None, context.remote_id)
                ),
                next_cursor=found["meta"].get("next_token"),
            )


def _people(found: Mapping[str, Any]) -> dict[str, Person]:
    users = found.get("includes", {}).get("users", ())
    return {str(user["id"]): to_person(user) for user in users}


def _message(event: Mapping[str, Any], people: Mapping[str, Person]) -> InboundMessage:
    sender = str(event["sender_id"])
    text = str(event.get("text") or "")
    return InboundMessage(
        remote_id=str(event["id"]),
        person=people.get(sender) or Person(remote_id=sender, handle=sender, name=sender),
        text=text,
        received_at=to_moment(event["created_at"]),
        wish=wish_of(text),
    )
