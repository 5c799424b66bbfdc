"""The API's direct messages: send one, and read what was written to and by an account."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Blueprint

from plugins.x.sandbox import prices, query, texts, users
from plugins.x.sandbox.answers import Body, Refusal, closed, forbidden, invalid, not_found
from plugins.x.sandbox.gate import Answer, caller, charge, charge_reading, guarded, world
from plugins.x.sandbox.ids import timestamp
from plugins.x.sandbox.limits import Operation
from plugins.x.sandbox.record import Entry, Kind
from plugins.x.sandbox.seed import Access
from plugins.x.sandbox.state import Direct, Profile

blueprint = Blueprint("directs", __name__, url_prefix="/2")

# X lists the direct messages of this time only.
DAYS_LISTED = 30
COMMON = (
    "max_results", "pagination_token", "event_types", "dm_event.fields", "expansions",
    "user.fields", "media.fields", "post.fields", "tweet.fields",
)  # fmt: skip
EVENT_TYPES = ("MessageCreate", "ParticipantsJoin", "ParticipantsLeave")
FIELDS = query.listed(
    "attachments created_at dm_conversation_id entities event_type id participant_ids "
    "referenced_posts referenced_tweets sender_id text"
)
ALWAYS = ("id", "text", "event_type")
EXPANSIONS = ("attachments.media_keys", "participant_ids", "referenced_posts", "sender_id")


@blueprint.post("/dm_conversations/with/<participant>/messages")
@guarded(Operation.DIRECT, Access.FULL)
def send(participant: str) -> Answer:
    """Send one message to one person, unless X would refuse it."""
    query.only()
    text = _text(query.body(("text", "attachments")))
    recipient = _recipient(participant)
    if not world().accepts(recipient, caller()):
        raise forbidden("You do not have permission to DM one or more participants.")
    charge("direct", prices.DIRECT)
    now = world().clock.now()
    direct = world().add_direct(caller().id, recipient.id, text=text, at=now)
    _record(direct, recipient)
    data = {"dm_conversation_id": direct.conversation, "dm_event_id": str(direct.id)}
    return {"data": data}, 201


@blueprint.get("/dm_events")
@guarded(Operation.INBOX, Access.FULL)
def events() -> Answer:
    """Answer a page of everything written to and by the account, the newest first."""
    return _page("events", world().mail.by_account[caller().id])


@blueprint.get("/dm_conversations/with/<participant>/dm_events")
@guarded(Operation.CONVERSATION, Access.FULL)
def conversation(participant: str) -> Answer:
    """Answer a page of what passed between the account and one person, the newest first."""
    low, high = sorted((caller().id, query.identifier(participant, "participant_id")))
    written = world().mail.by_conversation.get(f"{low}-{high}", [])
    return _page(f"conversation:{low}-{high}", written)


def _text(body: dict[str, Any]) -> str:
    if body.get("attachments"):
        value = str(body["attachments"])
        raise invalid("$.attachments", value, "The `$.attachments` property is not valid")
    text = query.text_of(body)
    if not text.strip():
        raise invalid("$.text", text, "The `$.text` property may not be empty")
    if len(text) > texts.LONGEST_DIRECT:
        raise invalid("$.text", "", f"The text is longer than {texts.LONGEST_DIRECT} characters.")
    return text


def _recipient(participant: str) -> Profile:
    profile = world().profile(query.identifier(participant, "participant_id"))
    if profile is None:
        problem = not_found("user", "participant_id", participant)
        raise Refusal(404, {**problem, "status": 404})
    if profile.id == caller().id:
        message = "You cannot send a direct message to yourself."
        raise invalid("participant_id", participant, message)
    if profile.suspended:
        raise Refusal(403, {**closed("participant_id", participant), "status": 403})
    return profile


def _page(listing: str, written: list[Direct]) -> Body:
    query.only(*COMMON)
    places = query.number("max_results", 100, low=1, high=100)
    types = query.words("event_types", EVENT_TYPES) or EVENT_TYPES
    below = query.position(listing)
    oldest = world().clock.now() - timedelta(days=DAYS_LISTED)
    matching = [
        direct
        for direct in reversed(written)
        if direct.created_at >= oldest and (below is None or direct.id < below)
    ]
    matching = matching if "MessageCreate" in types else []
    page = matching[:places]
    what = "inbox" if listing == "events" else "find"
    charge_reading(what, prices.DIRECT_READ, "message", [direct.id for direct in page])
    meta: dict[str, Any] = {"result_count": len(page)}
    if len(matching) > len(page):
        meta["next_token"] = query.token_for(listing, page[-1].id)
    return _rows(page) | {"meta": meta}


def _rows(page: list[Direct]) -> Body:
    expansions = query.words("expansions", EXPANSIONS)
    asked = {*ALWAYS, *query.words("dm_event.fields", FIELDS)}
    asked |= {"sender_id"} & set(expansions)
    if not page:
        return {}
    whole = [_whole(direct) for direct in page]
    data = [
        {name: value for name, value in row.items() if name in asked and value} for row in whole
    ]
    if "sender_id" not in expansions:
        return {"data": data}
    return {"data": data, "includes": {"users": users.rows(_senders(page))}}


def _senders(page: list[Direct]) -> Iterable[Profile]:
    senders = (world().profile(identifier) for identifier in {d.sender: None for d in page})
    return [sender for sender in senders if sender and not sender.suspended]


def _whole(direct: Direct) -> Body:
    shown = texts.shown(direct.text, direct.id)
    return {
        "id": str(direct.id),
        "text": shown.text,
        "event_type": "MessageCreate",
        "created_at": timestamp(direct.created_at),
        "sender_id": str(direct.sender),
        "dm_conversation_id": direct.conversation,
        "entities": {"urls": list(shown.links)} if shown.links else None,
    }


def _record(direct: Direct, recipient: Profile) -> None:
    world().record.add(
        Entry(
            kind=Kind.DIRECT,
            account=caller().username,
            remote_id=str(direct.id),
            at=timestamp(direct.created_at),
            text=direct.text,
            recipient_id=str(recipient.id),
            recipient=recipient.username,
        )
    )
