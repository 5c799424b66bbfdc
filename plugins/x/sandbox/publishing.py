"""The API's writing of posts: publish and take back."""

from decimal import Decimal
from typing import Any

from flask import Blueprint

from plugins.x.sandbox import media, prices, query, texts
from plugins.x.sandbox.answers import forbidden, invalid
from plugins.x.sandbox.gate import Answer, caller, charge, guarded, world
from plugins.x.sandbox.ids import timestamp
from plugins.x.sandbox.limits import Operation
from plugins.x.sandbox.record import Entry, Kind
from plugins.x.sandbox.seed import Access
from plugins.x.sandbox.state import Account, Post, Upload

blueprint = Blueprint("publishing", __name__, url_prefix="/2/tweets")

# What X's description of the API allows in the body of a new post.
MEMBERS = query.listed(
    "card_uri community_id direct_message_deep_link edit_options for_super_followers_only geo "
    "made_with_ai media nullcast paid_partnership poll quote_tweet_id reply reply_settings "
    "share_with_followers text"
)
# These name things that do not exist here.
ELSEWHERE = ("card_uri", "community_id", "edit_options", "poll", "quote_tweet_id")


@blueprint.post("")
@guarded(Operation.POST, Access.READ_WRITE)
def create() -> Answer:
    """Publish a post, unless X would refuse it."""
    query.only()
    body = query.body(MEMBERS)
    text = texts.normal(query.text_of(body))
    original = _replied_to(body.get("reply"))
    shows = media.named(body["media"]) if "media" in body else ()
    _check(body, text, shows)
    price = _price(text, original)
    charge("post:link" if price == prices.POST_WITH_LINK else "post", price)
    reply_to = original.id if original else None
    post = world().add_post(
        caller().id, text, at=world().clock.now(), reply_to=reply_to, media=shows
    )
    _record(Kind.POST, post)
    shown = texts.escaped(texts.shown(post.text, post.id).text)
    identifier = str(post.id)
    data = {"id": identifier, "text": shown, "edit_history_post_ids": [identifier]}
    return {"data": data}, 201


@blueprint.delete("/<identifier>")
@guarded(Operation.DELETE, Access.READ_WRITE)
def delete(identifier: str) -> Answer:
    """Take back a post of one's own; one that is gone already is no error."""
    query.only()
    post = world().posts.get(query.identifier(identifier))
    if post is not None and post.author != caller().id:
        raise forbidden("You are not authorized to delete this Tweet.")
    charge("delete", prices.DELETE)
    if post is not None:
        world().remove_post(post)
        _record(Kind.DELETE, post)
    return {"data": {"deleted": True}}


def _check(body: dict[str, Any], text: str, shows: tuple[Upload, ...]) -> None:
    for name in ELSEWHERE:
        if name in body:
            raise invalid(f"$.{name}", str(body[name]), f"The `$.{name}` property is not valid")
    if not text.strip() and not shows:
        raise invalid("$.text", text, "The `$.text` property may not be empty without media")
    if texts.weighted_length(text) > texts.LONGEST_POST:
        raise invalid("$.text", text, "Your Tweet text is too long.")
    if len(texts.cashtags(text)) > 1:
        raise forbidden("You are not allowed to create a Tweet with more than one cashtag.")
    pictures = [one.data for one in shows]
    if any(
        post.text == text and [one.data for one in post.media] == pictures
        for post in world().timelines[caller().id]
    ):
        raise forbidden("You are not allowed to create a Tweet with duplicate content.")


def _replied_to(reply: Any) -> Post | None:
    if reply is None:
        return None
    value = str(reply.get("in_reply_to_tweet_id", "")) if isinstance(reply, dict) else str(reply)
    name = "$.reply.in_reply_to_tweet_id"
    post = world().posts.get(query.identifier(value, name))
    author = world().profile(post.author) if post else None
    if post is None or author is None or not world().sees(caller(), author):
        raise forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
    if post.author != caller().id and not _summoned(post, caller()):
        raise forbidden(
            "Reply to this conversation is not allowed because you have not been mentioned or "
            "otherwise engaged by the author of the post you are replying to."
        )
    return post


def _summoned(post: Post, account: Account) -> bool:
    return f"@{account.username}".lower() in post.text.lower()


def _price(text: str, original: Post | None) -> Decimal:
    if original is not None and original.author != caller().id:
        return prices.SUMMONED_REPLY
    return prices.POST_WITH_LINK if texts.has_link(text) else prices.POST


def _record(kind: Kind, post: Post) -> None:
    world().record.add(
        Entry(
            kind=kind,
            account=caller().username,
            remote_id=str(post.id),
            at=timestamp(world().clock.now()),
            text=post.text,
        )
    )
