"""What a short link answers: where it leads, once the click is noted."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from webapp.deliveries.models import Delivery
from webapp.kernel.config.settings import Settings
from webapp.kernel.folding import fold
from webapp.kernel.instance import Instance
from webapp.kernel.permissions import Permission
from webapp.kernel.plugins.registry import Registry
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.tracking import addresses, choices, fetchers, spool, tokens
from webapp.tracking.choices import Choices
from webapp.tracking.models import PersonalAddress, TrackedLink
from webapp.tracking.spool import Noted, Spool

log = logging.getLogger(__name__)

# So long a process remembers where a link leads.
REMEMBERED = 30.0
MOST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a link leads, as long as it does; without an address, each reader has another one."""

    address: str
    personal: bool
    expires_at: datetime | None
    campaign: Mapping[str, str]
    chosen: Choices
    # Whether a click says of which message it is: that of a post is of no person.
    names_message: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Where to go; without an address the link is over, or was none of ours."""

    address: str = ""
    is_over: bool = False


@dataclass(slots=True)
class Desk:
    """What a process keeps for its answers: the file of clicks, and the links it knows."""

    spool: Spool
    known: dict[int, tuple[float, Target]] = field(default_factory=dict)


_desks: WeakKeyDictionary[Registry, Desk] = WeakKeyDictionary()
NOWHERE = Answer()
FORGOTTEN: tuple[float, Target | None] = (0.0, None)


def desk_of(registry: Registry, settings: Settings) -> Desk:
    """Return what this process keeps for an instance, which its plugins stand for."""
    found = _desks.get(registry)
    if found is None:
        new = Desk(spool=Spool(settings.var / spool.FOLDER))
        found = _desks.setdefault(registry, new)
    return found


@requires(Permission.PUBLIC)
def follow(runtime: Runtime, token: str, method: str, headers: fetchers.Headers) -> Answer:
    """Note a click and return where it leads; what this instance did not make leads nowhere.

    The click is on its file before the answer. Nothing is written to the database here.
    """
    numbers = tokens.numbers_of(runtime.settings, token)
    desk = desk_of(runtime.registry, runtime.settings)
    target = _target(runtime, desk, numbers.link_id) if numbers else None
    if numbers is None or target is None:
        return NOWHERE
    address = _address(runtime, target, numbers)
    if not address:
        return NOWHERE
    asked = Asked(numbers, address, method, headers)
    return _answer(desk, runtime.settings, runtime.now(), target, asked)


def remembered(
    instance: Instance, token: str, method: str, headers: fetchers.Headers
) -> Answer | None:
    """Do the same for a link that this process knows, without a session; `None` for any other."""
    desk = desk_of(instance.registry, instance.settings)
    numbers = tokens.numbers_of(instance.settings, token)
    until, target = desk.known.get(numbers.link_id if numbers else 0, FORGOTTEN)
    if numbers is None or target is None or target.personal or time.monotonic() >= until:
        return None
    asked = Asked(numbers, target.address, method, headers)
    return _answer(desk, instance.settings, instance.clock.now(), target, asked)


class Asked(NamedTuple):
    """A request for a short link: what it is about, where that leads, and who asks."""

    numbers: tokens.Numbers
    address: str
    method: str
    headers: fetchers.Headers


def _answer(desk: Desk, settings: Settings, now: datetime, target: Target, asked: Asked) -> Answer:
    if target.expires_at and target.expires_at <= now:
        substitute = target.chosen.substitute
        return Answer(address=addresses.sent_to(substitute) if substitute else "", is_over=True)
    click = Noted(
        key=spool.new_key(),
        link_id=asked.numbers.link_id,
        message_id=asked.numbers.message_id if target.names_message else None,
        at=now.timestamp(),
        rule=fetchers.rule_of(asked.method, asked.headers),
    )
    desk.spool.note(click)
    return Answer(address=_led_to(settings, target, asked.address, click))


def _target(runtime: Runtime, desk: Desk, link_id: int) -> Target | None:
    """Return where a link leads, from memory where it was asked for lately.

    So it is where the database cannot be asked: readers are led on by what was known last.
    """
    until, target = desk.known.get(link_id, FORGOTTEN)
    if target is not None and time.monotonic() < until:
        return target
    try:
        found = _read(runtime, link_id)
    except SQLAlchemyError as fault:
        if target is None:
            raise
        log.warning("A link leads on by what was known of it last: %s", fault)
        return target
    if found is not None:
        if len(desk.known) >= MOST:
            desk.known.clear()
        desk.known[link_id] = (time.monotonic() + REMEMBERED, found)
    return found


def _read(runtime: Runtime, link_id: int) -> Target | None:
    if link_id > tokens.LAST:
        return None
    about = Delivery.label, Delivery.channel, Delivery.kind
    wanted = select(TrackedLink, *about).join(Delivery)
    row = runtime.session.execute(wanted.where(TrackedLink.id == link_id)).one_or_none()
    if row is None:
        return None
    link, label, channel, kind = row
    chosen = choices.of_instance(runtime)
    words = {"utm_source": channel, "utm_medium": "social"}
    if slug := _slug(label):
        words["utm_campaign"] = slug
    return Target(
        address=link.address,
        personal=link.personal,
        expires_at=link.expires_at,
        campaign=words if chosen.campaign else {},
        chosen=chosen,
        names_message=chosen.names_people or not kind.clicks_named,
    )


def _slug(label: str) -> str:
    """Return a label as a campaign is called: its letters and figures, with dashes between."""
    words = "".join(sign if sign.isalnum() else " " for sign in fold(label)).split()
    return "-".join(words)[:100]


def _address(runtime: Runtime, target: Target, numbers: tokens.Numbers) -> str:
    if not target.personal:
        return target.address
    key = (numbers.link_id, numbers.message_id or 0)
    row = runtime.session.get(PersonalAddress, key)
    return row.address if row else ""


def _led_to(settings: Settings, target: Target, address: str, click: Noted) -> str:
    address = addresses.with_campaign(address, target.campaign)
    if target.chosen.click_ids:
        numbers = tokens.ClickNumbers(click.key, click.link_id)
        told = {"fanfare_click": tokens.of_click(settings, numbers)}
        address = addresses.extended(address, told)
    return addresses.sent_to(address)
