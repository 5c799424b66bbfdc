"""The API's users: who is who, and who follows an account."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from flask import Blueprint

from plugins.x.sandbox import prices, query
from plugins.x.sandbox.answers import Body, closed, not_found
from plugins.x.sandbox.gate import caller, charge_reading, guarded, scopes, world
from plugins.x.sandbox.ids import timestamp
from plugins.x.sandbox.limits import Operation
from plugins.x.sandbox.people import Person
from plugins.x.sandbox.state import Account, Profile, World

blueprint = Blueprint("users", __name__, url_prefix="/2/users")

USER_FIELDS = "user.fields"
ALWAYS = ("id", "name", "username")
# X gives this to everybody without a picture.
NO_PICTURE = "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png"


class Viewer(NamedTuple):
    """Who looks at a user, and at which world."""

    account: Account
    world: World

    def connections(self, profile: Profile) -> list[str]:
        """Return how the viewer and a user are connected, in X's words."""
        found = ["followed_by"] if self.world.follows(profile, self.account) else []
        if isinstance(profile, Account) and self.world.follows(self.account, profile):
            found.append("following")
        return found


GETTERS: dict[str, Callable[[Profile, Viewer], Any]] = {
    "id": lambda profile, _: str(profile.id),
    "name": lambda profile, _: profile.name,
    "username": lambda profile, _: profile.username,
    "created_at": lambda profile, _: timestamp(profile.created_at),
    "description": lambda profile, _: profile.description,
    "protected": lambda profile, _: profile.protected,
    "verified": lambda profile, _: profile.verified,
    "verified_type": lambda profile, _: profile.verified_type,
    "profile_image_url": lambda _profile, _viewer: NO_PICTURE,
    "public_metrics": lambda profile, viewer: metrics(profile, viewer.world),
    "receives_your_dm": lambda profile, viewer: viewer.world.accepts(profile, viewer.account),
    "connection_status": lambda profile, viewer: viewer.connections(profile),
    "confirmed_email": lambda profile, _: f"{profile.username}@mail.example",
}
# These are about whoever asks, so an app is not told them.
OF_A_VIEWER = {"receives_your_dm", "connection_status"}
# X knows these as well and leaves them out where a user has none.
EMPTY = query.listed(
    "affiliation entities is_identity_verified location most_recent_post_id "
    "most_recent_tweet_id parody pinned_post_id pinned_tweet_id profile_banner_url "
    "subscribes_to_you subscription subscription_type url verified_followers_count withheld"
)
# Every endpoint of users takes these beside its own.
COMMON = (USER_FIELDS, "expansions", "post.fields", "tweet.fields")


def metrics(profile: Profile, here: World) -> dict[str, int]:
    """Return the counts anybody may see."""
    if isinstance(profile, Person):
        return profile.public_metrics
    followed = sum(profile.id in account.fans for account in here.accounts.values())
    return {
        "followers_count": here.followers_count(profile),
        "following_count": followed,
        "post_count": len(here.timelines[profile.id]),
        "listed_count": 0,
        "like_count": 0,
        "media_count": 0,
    }


def rows(profiles: Iterable[Profile]) -> list[Body]:
    """Return users with the fields the request asks for."""
    asked = {*ALWAYS, *query.words(USER_FIELDS, [*GETTERS, *EMPTY])}
    if caller() is world().app:
        asked -= OF_A_VIEWER
    if "users.email" not in scopes():
        asked.discard("confirmed_email")
    getters = [(name, getter) for name, getter in GETTERS.items() if name in asked]
    viewer = Viewer(caller(), world())
    return [{name: getter(profile, viewer) for name, getter in getters} for profile in profiles]


@blueprint.get("/me")
@guarded(Operation.ME)
def me() -> Body:
    """Answer whose token this is."""
    query.only(*COMMON)
    return _one(caller(), "id", str(caller().id))


@blueprint.get("/<identifier>")
@guarded(Operation.USER)
def by_id(identifier: str) -> Body:
    """Answer one user by id."""
    query.only(*COMMON)
    return _one(world().profile(query.identifier(identifier)), "id", identifier)


@blueprint.get("/by/username/<username>")
@guarded(Operation.USER_BY_NAME)
def by_username(username: str) -> Body:
    """Answer one user by handle."""
    query.only(*COMMON)
    return _one(world().profile_named(query.username(username)), "username", username)


@blueprint.get("")
@guarded(Operation.USERS)
def by_ids() -> Body:
    """Answer up to 100 users by id."""
    query.only(*COMMON, "ids")
    return _several("ids", lambda value: world().profile(int(value)))


@blueprint.get("/by")
@guarded(Operation.USERS_BY_NAME)
def by_usernames() -> Body:
    """Answer up to 100 users by handle."""
    query.only(*COMMON, "usernames")
    return _several("usernames", lambda value: world().profile_named(value))


@blueprint.get("/<identifier>/followers")
@guarded(Operation.FOLLOWERS)
def followers(identifier: str) -> Body:
    """Answer a page of who follows an account, the newest first.

    A page counts the suspended among its places and leaves them out, as X does, so it may be
    shorter than asked for without being the last.
    """
    query.only(*COMMON, "max_results", "pagination_token")
    places = query.number("max_results", 100, low=1, high=1000)
    account = world().profile(query.identifier(identifier))
    if account is None:
        return {"errors": [not_found("user", "id", identifier)]}
    if isinstance(account, Person):
        return {"meta": {"result_count": 0}}
    everybody = account.crowd_size + len(account.fans)
    top = min(query.position(f"followers:{identifier}") or everybody, everybody)
    end = max(0, top - places)
    data = rows(_followers(account, top, end=end))
    read = [row["id"] for row in data]
    charge_reading("audience", _follower_price(account), "follower", read)
    return _page(data, f"followers:{identifier}", top=top, end=end, places=places)


def _followers(account: Account, top: int, *, end: int) -> Iterator[Profile]:
    crowd, people = world().crowd, account.crowd_size
    for place in range(top - 1, end - 1, -1):
        if place >= people:
            fan = world().accounts[account.fans[place - people]]
            if not fan.suspended:
                yield fan
        elif place not in account.left and not crowd.is_suspended(place):
            yield Person(crowd, place)


def _follower_price(account: Account) -> Decimal:
    owned = account is caller() and account.id == world().wallet.owner
    return prices.OWNED_READ if owned else prices.FOLLOWER_READ


def _page(data: list[Body], listing: str, *, top: int, end: int, places: int) -> Body:
    meta: dict[str, Any] = {"result_count": len(data)}
    if end:
        meta["next_token"] = query.token_for(listing, end)
    if not query.is_first_page():
        meta["previous_token"] = query.token_for(listing, top + places)
    return {"data": data, "meta": meta} if data else {"meta": meta}


def _one(profile: Profile | None, parameter: str, value: str) -> Body:
    if profile is None:
        return {"errors": [not_found("user", parameter, value)]}
    if profile.suspended:
        return {"errors": [closed(parameter, value)]}
    if not (profile is caller() and world().billing.account_free):
        charge_reading("account", prices.USER_READ, "user", [profile.id])
    return {"data": rows([profile])[0]}


def _several(parameter: str, find: Callable[[str], Profile | None]) -> Body:
    found: list[Profile] = []
    errors: list[Body] = []
    for value in query.many(parameter):
        profile = find(value)
        if profile is None:
            errors.append(not_found("user", parameter, value))
        elif profile.suspended:
            errors.append(closed(parameter, value))
        else:
            found.append(profile)
    data = rows(found)
    charge_reading("user", prices.USER_READ, "user", [profile.id for profile in found])
    return ({"data": data} if data else {}) | ({"errors": errors} if errors else {})
