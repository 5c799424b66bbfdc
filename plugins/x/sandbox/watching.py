"""What the sandbox says of itself: health, figures, its record, and people of a kind."""

from collections.abc import Callable
from itertools import islice

from flask import Blueprint, request

from plugins.x.sandbox.gate import world
from plugins.x.sandbox.ids import timestamp
from plugins.x.sandbox.orders import Order, locked, one_of
from plugins.x.sandbox.people import Person
from plugins.x.sandbox.record import Kind
from plugins.x.sandbox.seed import BRAND, OPT_INS, STOP
from plugins.x.sandbox.state import Account

blueprint = Blueprint("watching", __name__, url_prefix="/sandbox")

RECORD_FILTERS = ("kind", "account", "remote_id", "recipient", "recipient_id", "text")


@blueprint.get("/health")
@locked
def health() -> Order:
    """Say that the sandbox answers, and what time it is there."""
    return {"ok": True, "now": timestamp(world().clock.now())}


@blueprint.get("/stats")
@locked
def stats() -> Order:
    """Count requests, refusals and acceptances."""
    here = world()
    return {
        "requests": here.requests.total(),
        "by_operation": dict(here.requests),
        "statuses": {str(status): count for status, count in here.statuses.items()},
        "limited": here.statuses[429],
        "accepted_posts": here.record.count(Kind.POST),
        "accepted_directs": here.record.count(Kind.DIRECT),
        "posts": here.record.by_account(Kind.POST),
        "directs": here.record.by_account(Kind.DIRECT),
        "followers": {a.username: here.followers_count(a) for a in here.accounts.values()},
        "balance": str(here.wallet.balance),
        "spent": str(here.wallet.spent),
    }


@blueprint.get("/grants")
@locked
def grants() -> Order:
    """Say how often a refresh token came at most, and how many requests are and were at once."""
    found = world().grants
    return {
        "refresh_tokens": len(found.came),
        "came_at_most": max(found.came.values(), default=0),
        "at_once": found.most_at_once,
        "under_way": sum(found.busy.values()),
    }


@blueprint.get("/bill")
@locked
def bill() -> Order:
    """Say what was charged by day, account and what it was for."""
    return {"lines": world().billing.listing()}


@blueprint.get("/record")
@locked
def record() -> Order:
    """Return what was accepted, oldest first; filters narrow it, `text` by a part of the text."""
    wanted = {name: value for name, value in request.args.items() if name in RECORD_FILTERS}
    found = world().record.find(wanted)
    return {"count": len(found), "items": found}


@blueprint.get("/people")
@locked
def people() -> Order:
    """Return the first followers of an account that are of a `kind`, up to `limit`."""
    account = world().profile_named(request.args.get("account", BRAND))
    kind = one_of(KINDS, request.args.get("kind", "follows"))
    if not isinstance(account, Account):
        return {"people": []}
    everybody = world().crowd.people(iter(range(account.crowd_size)))
    fitting = (person for person in everybody if KINDS[kind](person, account))
    limit = int(request.args.get("limit", "20"))
    return {"people": [_facts(person, account) for person in islice(fitting, limit)]}


def _texts(person: Person, account: Account) -> list[str]:
    low, high = sorted((person.id, account.id))
    written = world().mail.by_conversation.get(f"{low}-{high}", [])
    return [direct.text for direct in written if direct.sender == person.id]


def _wrote(person: Person, account: Account) -> bool:
    return world().mail.wrote(person.id, account.id)


KINDS: dict[str, Callable[[Person, Account], bool]] = {
    "follows": lambda person, account: world().follows(person, account) and not person.suspended,
    "wrote": _wrote,
    "opted_in": lambda person, account: bool({*OPT_INS} & {*_texts(person, account)}),
    "stopped": lambda person, account: STOP in _texts(person, account),
    "refuses": lambda person, account: not world().accepts(person, account),
    "accepts": lambda person, account: world().accepts(person, account),
    "suspended": lambda person, _: person.suspended,
    "protected": lambda person, _: person.protected,
    "left": lambda person, account: person.index in account.left,
}


def _facts(person: Person, account: Account) -> Order:
    return {
        "id": str(person.id),
        "username": person.username,
        "name": person.name,
        "accepts": world().accepts(person, account),
        "wrote": _texts(person, account),
        "suspended": person.suspended,
    }
