"""The API's reading of posts: by id, and an account's own timeline."""

from typing import Any

from flask import Blueprint, request

from plugins.x.sandbox import prices, query, users
from plugins.x.sandbox.answers import Body, closed, not_found, not_visible
from plugins.x.sandbox.gate import Answer, caller, charge_reading, guarded, world
from plugins.x.sandbox.limits import Operation
from plugins.x.sandbox.post_rows import COMMON, rows
from plugins.x.sandbox.state import Post, Profile

blueprint = Blueprint("reading", __name__, url_prefix="/2")


@blueprint.get("/tweets")
@guarded(Operation.LOOKUP)
def lookup() -> Answer:
    """Answer up to 100 posts by id."""
    query.only(*COMMON, "ids")
    wanted = query.many("ids")
    found = {value: world().posts.get(int(value)) for value in wanted}
    problems = {value: _problem(post, "ids", value) for value, post in found.items()}
    posts = [post for value, post in found.items() if post and not problems[value]]
    errors = [problem for problem in problems.values() if problem]
    charge_reading("metrics", prices.POST_READ, "post", [post.id for post in posts])
    return _listing(posts) | ({"errors": errors} if errors else {})


@blueprint.get("/tweets/<identifier>")
@guarded(Operation.LOOKUP_ONE)
def lookup_one(identifier: str) -> Answer:
    """Answer one post by id."""
    query.only(*COMMON)
    post = world().posts.get(query.identifier(identifier))
    problem = _problem(post, "id", identifier)
    if post is None or problem:
        return {"errors": [problem]}
    charge_reading("metrics", prices.POST_READ, "post", [post.id])
    found = _listing([post])
    return found | {"data": found["data"][0]}


@blueprint.get("/users/<identifier>/tweets")
@guarded(Operation.TIMELINE)
def timeline(identifier: str) -> Answer:
    """Answer a page of an account's posts, the newest first."""
    query.only(
        *COMMON, "max_results", "pagination_token", "since_id", "until_id", "start_time",
        "end_time", "exclude",
    )  # fmt: skip
    places = query.number("max_results", 10, low=5, high=100)
    author = world().profile(query.identifier(identifier))
    if problem := _unreadable(author, identifier):
        return {"errors": [problem]}
    listing = f"timeline:{identifier}"
    matching = _matching(int(identifier), below=query.position(listing))
    posts = matching[:places]
    owned = int(identifier) == caller().id == world().wallet.owner
    price = prices.OWNED_READ if owned else prices.POST_READ
    charge_reading("timeline", price, "post", [post.id for post in posts])
    more = len(matching) > len(posts)
    token = {"next_token": query.token_for(listing, posts[-1].id)} if more else {}
    return _listing(posts) | {"meta": _meta(posts) | token}


def _matching(author: int, *, below: int | None) -> list[Post]:
    since = request.args.get("since_id", "0")
    until = request.args.get("until_id")
    start, end = query.moment("start_time"), query.moment("end_time")
    no_replies = "replies" in query.words("exclude", ("replies", "retweets"))
    return [
        post
        for post in reversed(world().timelines[author])
        if post.id > query.identifier(since, "since_id")
        and (until is None or post.id < query.identifier(until, "until_id"))
        and (below is None or post.id < below)
        and (start is None or post.created_at >= start)
        and (end is None or post.created_at < end)
        and not (no_replies and post.reply_to)
    ]


def _meta(posts: list[Post]) -> dict[str, Any]:
    if not posts:
        return {"result_count": 0}
    return {
        "result_count": len(posts),
        "newest_id": str(posts[0].id),
        "oldest_id": str(posts[-1].id),
    }


def _listing(posts: list[Post]) -> dict[str, Any]:
    if not posts:
        return {}
    found: dict[str, Any] = {"data": rows(posts, world())}
    if "author_id" in query.words("expansions"):
        authors = {post.author: world().accounts[post.author] for post in posts}
        found["includes"] = {"users": users.rows(authors.values())}
    return found


def _problem(post: Post | None, parameter: str, value: str) -> Body | None:
    if post is None:
        return not_found("tweet", parameter, value)
    visible = world().sees(caller(), world().accounts[post.author])
    return None if visible else not_visible("tweet", parameter, value)


def _unreadable(author: Profile | None, value: str) -> Body | None:
    if author is None:
        return not_found("user", "id", value)
    if author.suspended:
        return closed("id", value)
    return None if world().sees(caller(), author) else not_visible("user", "id", value)
