"""How a post is written in an answer, and the figures it has gathered."""

from typing import Any

from plugins.x.sandbox import query, texts
from plugins.x.sandbox.answers import Body
from plugins.x.sandbox.dialect import NEW_PARAMETER, OLD_PARAMETER
from plugins.x.sandbox.ids import timestamp
from plugins.x.sandbox.people import mix
from plugins.x.sandbox.state import Post, World

FIELD_PARAMETERS = (NEW_PARAMETER, OLD_PARAMETER)
COMMON = (
    *FIELD_PARAMETERS, "expansions", "user.fields", "media.fields", "poll.fields", "place.fields",
)  # fmt: skip
# What may be asked for; a field without a value is left out of the answer.
FIELDS = query.listed(
    "article article_title attachments author_id card_uri community_id context_annotations "
    "conversation_id created_at display_text_range edit_controls edit_history_post_ids "
    "edit_history_tweet_ids entities geo id in_reply_to_user_id lang matched_media_notes "
    "media_metadata non_public_metrics note_post note_request_suggestions note_tweet "
    "organic_metrics paid_partnership possibly_sensitive promoted_metrics public_metrics "
    "referenced_posts referenced_tweets reply_settings scopes source suggested_source_links "
    "suggested_source_links_with_counts text withheld"
)
ALWAYS = ("id", "text", "edit_history_post_ids")
# An expansion brings the field it expands.
EXPANDED = {"author_id": "author_id", "referenced_posts": "referenced_posts"}


def rows(posts: list[Post], world: World) -> list[Body]:
    """Return posts with the fields the request asks for."""
    expansions = query.words("expansions")
    asked = {*ALWAYS, *(EXPANDED[name] for name in expansions if name in EXPANDED)}
    for parameter in (name for name in FIELD_PARAMETERS if name not in world.dialect.unknown):
        asked |= set(query.words(parameter, FIELDS))
    return [
        {name: value for name, value in whole(post, world).items() if name in asked and value}
        for post in posts
    ]


def whole(post: Post, world: World) -> Body:
    """Return everything the API could say of `post`."""
    shown = texts.with_media(texts.shown(post.text, post.id), post)
    original = world.posts.get(post.reply_to) if post.reply_to else None
    return {
        "id": str(post.id),
        "text": texts.escaped(shown.text),
        "edit_history_post_ids": [str(post.id)],
        "author_id": str(post.author),
        "created_at": timestamp(post.created_at),
        "conversation_id": str(post.conversation),
        "entities": {"urls": list(shown.links)} if shown.links else None,
        "attachments": {"media_keys": [one.key for one in post.media]} if post.media else None,
        "in_reply_to_user_id": str(original.author) if original else None,
        "referenced_posts": _references(post),
        "public_metrics": figures(post, world),
        "reply_settings": "everyone",
        "lang": "und",
        "source": "Fanfare",
    }


def figures(post: Post, world: World) -> dict[str, int]:
    """Return what a post has gathered: more with age and audience, slower with time."""
    author = world.accounts[post.author]
    hours = (world.clock.now() - post.created_at).total_seconds() / 3600
    reach = world.followers_count(author) * (0.2 + mix(post.id) % 60 / 100)
    seen = int(reach * max(0.0, hours) / (hours + 9))
    likes = seen * (12 + mix(post.id + 1) % 40) // 1000
    return {
        "repost_count": likes // 6,
        "reply_count": likes // 11,
        "like_count": likes,
        "quote_count": likes // 30,
        "bookmark_count": likes // 9,
        "impression_count": seen,
    }


def _references(post: Post) -> list[dict[str, Any]]:
    if post.reply_to is None:
        return []
    return [{"type": "replied_to", "id": str(post.reply_to)}]
