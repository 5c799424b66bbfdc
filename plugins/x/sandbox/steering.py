"""The admin's orders: time, faults, people, permissions, credits and limits."""

from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import islice

from flask import Blueprint, request

from plugins.x.sandbox.dialect import Dialect, Names
from plugins.x.sandbox.faults import ANY, Fault, FaultKind
from plugins.x.sandbox.gate import sandbox, world
from plugins.x.sandbox.ids import timestamp
from plugins.x.sandbox.limits import Caps, Operation
from plugins.x.sandbox.orders import (
    Order,
    account_of,
    locked,
    need,
    one_of,
    order,
    profile_of,
    refuse,
)
from plugins.x.sandbox.people import MOST_PEOPLE, Person
from plugins.x.sandbox.planting import write_first
from plugins.x.sandbox.query import username
from plugins.x.sandbox.seed import Access
from plugins.x.sandbox.state import Account, Profile

STATUSES = range(200, 600)

blueprint = Blueprint("steering", __name__, url_prefix="/sandbox")


@blueprint.route("/faults", methods=["GET", "POST", "DELETE"])
@locked
def faults() -> Order:
    """List the faults to come, set one more, or clear them all."""
    if request.method == "DELETE":
        world().faults.clear()
    if request.method == "POST":
        world().faults.add(_fault())
    return {"faults": world().faults.listing()}


def _fault() -> Fault:
    told = order(*(item.name for item in fields(Fault)))
    one_of(FaultKind, str(need(told, "kind")))
    one_of([ANY, *Operation], str(told.get("operation", ANY)))
    if not isinstance(told.get("status", 503), int) or told.get("status", 503) not in STATUSES:
        refuse("status is a number from 200 to 599.")
    for name, kind, what in (("headers", dict, "an object"), ("members", list, "a list")):
        if not isinstance(told.get(name, kind()), kind):
            refuse(f"{name} is {what} of texts.")
    return Fault(**{**told, "kind": FaultKind(told["kind"])})


@blueprint.post("/names")
@locked
def names() -> Order:
    """Say which names of fields of posts are known: `posts` is both, old or new; see `dialect`."""
    told = order("posts", "quiet")
    known = Names(one_of(Names, str(need(told, "posts"))))
    world().dialect = Dialect(names=known, quiet=bool(told.get("quiet")))
    return {"posts": known.value, "quiet": world().dialect.quiet}


@blueprint.post("/clock")
@locked
def clock() -> Order:
    """Move the clock of every process that shares it: `advance` by seconds, or `set` to a time."""
    told = order("advance", "set", "rate")
    shared = sandbox().clock
    to = shared.now() + timedelta(seconds=float(told.get("advance", 0)))
    if "set" in told:
        to = datetime.fromisoformat(str(told["set"]))
        to = to if to.tzinfo else to.replace(tzinfo=UTC)
    rate = float(told["rate"]) if "rate" in told else None
    return {"now": timestamp(shared.set(to, rate=rate))}


@blueprint.post("/audience")
@locked
def audience() -> Order:
    """Give an account that many followers; some of those who are new write to the brand."""
    told = order("account", "followers")
    account = account_of(told)
    followers = int(need(told, "followers"))
    if not 0 <= followers < MOST_PEOPLE - MOST_PEOPLE // 100:
        refuse(f"An account has from 0 to {MOST_PEOPLE - MOST_PEOPLE // 100} followers.")
    before = account.crowd_size
    world().resize(account, followers)
    if account.id == world().wallet.owner and account.crowd_size > before:
        write_first(world(), account, first=before, hours=1)
    return {"followers": world().followers_count(account)}


@blueprint.post("/unfollow")
@locked
def unfollow() -> Order:
    """Let `people`, or the `count` newest followers, stop following an account."""
    told = order("account", "people", "count")
    account = account_of(told)
    leaving = [profile_of(value) for value in told.get("people", ())]
    leaving += _newest(account, int(told.get("count", 0)))
    for profile in leaving:
        if isinstance(profile, Person):
            account.left.add(profile.index)
        elif profile.id in account.fans:
            account.fans.remove(profile.id)
    return _told(leaving) | {"followers": world().followers_count(account)}


@blueprint.post("/follow")
@locked
def follow() -> Order:
    """Let `people` who had stopped follow an account again."""
    told = order("account", "people")
    account = account_of(told)
    coming = [profile_of(value) for value in need(told, "people")]
    for profile in coming:
        if isinstance(profile, Person):
            account.left.discard(profile.index)
        elif profile.id not in account.fans:
            account.fans.append(profile.id)
    return _told(coming) | {"followers": world().followers_count(account)}


@blueprint.post("/rename")
@locked
def rename() -> Order:
    """Give an account or a person another handle, and another name if one is told."""
    told = order("who", "username", "name")
    profile = profile_of(need(told, "who"))
    handle, name = username(str(need(told, "username"))), str(told.get("name", ""))
    if world().profile_named(handle) not in (None, profile):
        refuse(f"{handle} is taken.")
    if isinstance(profile, Account):
        profile.username, profile.name = handle, name or profile.name
    else:
        world().crowd.rename(profile.index, handle, name)
    return {"id": str(profile.id), "username": handle}


@blueprint.post("/write")
@locked
def write() -> Order:
    """Let a person write a direct message to an account: `from`, `account`, `text`."""
    told = order("account", "from", "text")
    sender, text = profile_of(need(told, "from")), str(need(told, "text"))
    account = account_of(told)
    direct = world().add_direct(sender.id, account.id, text=text, at=world().clock.now())
    return {"id": str(direct.id), "from": sender.username, "text": text}


@blueprint.post("/suspend")
@locked
def suspend() -> Order:
    """Let X close the account of `who`, or open it again with `suspended` false."""
    told = order("who", "suspended")
    profile = profile_of(need(told, "who"))
    suspended = bool(told.get("suspended", True))
    if isinstance(profile, Account):
        profile.suspended = suspended
    else:
        world().crowd.closed[profile.index] = suspended
    return {"id": str(profile.id), "suspended": suspended}


@blueprint.post("/token")
@locked
def token() -> Order:
    """Change what an account's token may do (`access`), or withdraw it (`revoked`).

    `signed_out` takes back all that its people allowed by signing in.
    """
    told = order("account", "access", "revoked", "signed_out")
    account = account_of(told)
    if "access" in told:
        account.access = Access(one_of(Access, str(told["access"])))
    account.revoked = bool(told.get("revoked", account.revoked))
    if told.get("signed_out"):
        world().grants.end(account.id)
    return {"access": account.access.value, "revoked": account.revoked}


@blueprint.post("/credits")
@locked
def credit() -> Order:
    """Set the balance of the app's owner, in US dollars."""
    told = order("balance")
    try:
        world().wallet.balance = Decimal(str(need(told, "balance")))
    except InvalidOperation:
        refuse("balance is an amount of US dollars, such as 12.50.")
    return {"balance": str(world().wallet.balance)}


@blueprint.post("/billing")
@locked
def billing() -> Order:
    """Switch oddities of the bill on or off."""
    names = ("account_free", "once_a_day", "refused_writes")
    told, here = order(*names), world().billing
    for name in names:
        setattr(here, name, bool(told.get(name, getattr(here, name))))
    return {name: getattr(here, name) for name in names}


@blueprint.post("/bill")
@locked
def plant_charge() -> Order:
    """Charge an account for something that it never asked for."""
    told = order("account", "what", "amount", "count")
    account, what = account_of(told), str(need(told, "what"))
    try:
        amount = Decimal(str(need(told, "amount")))
        count = int(told.get("count", 1))
    except (InvalidOperation, ValueError):
        refuse("amount is an amount of US dollars, such as 0.015, and count a whole number.")
    world().wallet.charge(amount)
    world().billing.add(world().clock.now().date(), account.username, what, amount, count)
    return {"lines": world().billing.listing()}


@blueprint.post("/limits")
@locked
def limits() -> Order:
    """Change the caps of an `operation`, or of all with `*`; null lifts a cap."""
    told = order("operation", *asdict(Caps()))
    wanted = one_of([ANY, *Operation], str(told.pop("operation", ANY)))
    operations = list(Operation) if wanted == ANY else [Operation(wanted)]
    caps = {name: None if cap is None else int(cap) for name, cap in told.items()}
    world().limits.change(operations, caps)
    return {"limits": {key.value: asdict(caps) for key, caps in world().limits.caps.items()}}


@blueprint.post("/reset")
@locked
def reset() -> Order:
    """Begin again from the seed; the clock stays where it is."""
    sandbox().reset()
    return {"ok": True}


def _newest(account: Account, count: int) -> list[Profile]:
    crowd = world().crowd
    staying = (
        index
        for index in range(account.crowd_size - 1, -1, -1)
        if index not in account.left and not crowd.is_suspended(index)
    )
    return list(crowd.people(islice(staying, count)))


def _told(profiles: list[Profile]) -> Order:
    people = [{"id": str(profile.id), "username": profile.username} for profile in profiles]
    return {"people": people}
