"""Slows down whoever guesses passwords, and keeps nobody out for what others do.

A try is counted before it is made, so that many at once are counted too. After some free tries each
further one doubles the wait. Who is counted together follows OWASP's notes on credential stuffing
and device cookies: a browser that logged in before by itself; any other by its address, by address
and email, and, from an address the operator never came from, by email, with a short longest wait.
"""

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update

from webapp.kernel.db import insert_into
from webapp.kernel.errors import FanfareError
from webapp.kernel.i18n import _, ngettext
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.operators.authentication.sessions import KNOWN_FOR
from webapp.operators.models import LoginSession, LoginThrottle, Operator

FREE = 5
# What several people share, such as the address of an office, forgives more.
FREE_TOGETHER = 30
LONGEST = timedelta(minutes=15)
LONGEST_TOGETHER = timedelta(minutes=1)
# A provider hands out this much of IPv6 to one customer (RFC 6177).
ONE_CUSTOMER = 64
FORGOTTEN_AFTER = timedelta(hours=1)
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Tally:
    """Tries counted under one key; `shared` tells that several people may stand behind it."""

    key: str
    shared: bool = False

    @property
    def free(self) -> int:
        """How many tries cost no waiting."""
        return FREE_TOGETHER if self.shared else FREE

    @property
    def longest(self) -> timedelta:
        """The longest wait."""
        return LONGEST_TOGETHER if self.shared else LONGEST


@dataclass(frozen=True, slots=True)
class Device:
    """A browser in which an operator logged in before, as its signed cookie says."""

    operator_id: int
    name: str


class TooSoon(FanfareError):
    """A try came before its time; `wait` says how long to wait for the next one."""

    def __init__(self, wait: timedelta) -> None:
        """Say how long to wait."""
        super().__init__(_("Too many tries. Try again in %(time)s.", time=in_words(wait)))
        self.wait = wait


def of_log_in(
    runtime: Runtime, email: str, operator: Operator | None, address: str, device: Device | None
) -> Sequence[Tally]:
    """Return what a log-in counts towards; the same for an email that nobody has."""
    if device and operator and device.operator_id == operator.id:
        return [Tally(f"{_of_device(operator)}{_hash(device.name)}")]
    place = _customer(address)
    pair = Tally(f"{_of_pair(email)}{_hash(place)}")
    tallies = [pair, Tally(_key("address", place), shared=True)]
    if not _known(runtime, operator, address):
        tallies.append(Tally(_key("email", email), shared=True))
    return tallies


def of_session(session: LoginSession) -> Sequence[Tally]:
    """Return what a guess of the current password counts towards, in a session that is open."""
    return [Tally(_key("session", str(session.id)))]


def of_public_link(address: str) -> Sequence[Tally]:
    """Return what a link counts towards that nobody here made: whoever has a true one never waits.

    Many people may read behind one address, so what others guess there keeps nobody out.
    """
    return [Tally(_key("link", _customer(address)), shared=True)]


def of_page_sign_in(address: str) -> Sequence[Tally]:
    """Return what a sign-in on a public page counts towards; one that comes back is forgiven."""
    return [Tally(_key("page", _customer(address)), shared=True)]


def of_confirmation(email_key: str, visitor_id: int) -> Sequence[Tally]:
    """Return what a mail counts towards that asks whether an address is somebody's.

    Nobody fills one mailbox by several spellings of it, nor many by one account on a network.
    """
    return [Tally(_key("mail", email_key)), Tally(_key("mailer", str(visitor_id)))]


def take(runtime: Runtime, tallies: Sequence[Tally]) -> timedelta:
    """Count a try and return how long to wait should it fail; raise `TooSoon` during a wait."""
    now = runtime.clock.system()
    # In one order, so that two who count the same never wait for each other.
    held = [(one, _held(runtime, one.key)) for one in sorted(tallies, key=lambda one: one.key)]
    wait = max(_left(one, row, now) for one, row in held)
    if wait > timedelta():
        runtime.session.rollback()
        raise TooSoon(wait)
    waits = [_count(one, row, now) for one, row in held]
    runtime.session.commit()
    return max(waits)


def forgive(runtime: Runtime, tallies: Sequence[Tally]) -> None:
    """Take back the try that was right, within the caller's transaction; what is shared stays."""
    own = [one.key for one in tallies if not one.shared]
    shared = [one.key for one in tallies if one.shared]
    runtime.session.execute(delete(LoginThrottle).where(LoginThrottle.key.in_(own)))
    runtime.session.execute(
        update(LoginThrottle)
        .where(LoginThrottle.key.in_(shared))
        .values(failures=LoginThrottle.failures - 1, blocked_until=None)
    )


def release(runtime: Runtime, operator: Operator) -> None:
    """End every pause of an operator, within the caller's transaction.

    Whoever has a new password may use it at once. What is counted by an address holds for others
    too and stays counted; its pause ends where the operator was logged in.
    """
    mine = select(LoginSession).where(LoginSession.operator_id == operator.id)
    known = runtime.session.scalars(mine).all()
    keys = [_key("session", str(one.id)) for one in known]
    runtime.session.execute(
        delete(LoginThrottle).where(
            or_(
                LoginThrottle.key.in_([*keys, _key("email", operator.email)]),
                LoginThrottle.key.startswith(_of_pair(operator.email), autoescape=True),
                LoginThrottle.key.startswith(_of_device(operator), autoescape=True),
            )
        )
    )
    places = {_key("address", _customer(one.address)) for one in known}
    _end_pauses(runtime, LoginThrottle.key.in_(places))


@requires(Permission.ADMIN)
def unlock(runtime: Runtime, operator: Operator) -> None:
    """End every pause of an operator, wherever they are: who knows may say so on the console."""
    release(runtime, operator)
    _end_pauses(runtime, LoginThrottle.key.startswith("address:"))
    runtime.record("operator.unlock", operator)
    runtime.session.commit()


def _end_pauses(runtime: Runtime, which: ColumnElement[bool]) -> None:
    ended = update(LoginThrottle).where(which).values(blocked_until=None)
    runtime.session.execute(ended)


def in_words(wait: timedelta) -> str:
    """Return a wait as a person says it."""
    seconds = max(1, -(-int(wait.total_seconds() * 10) // 10))
    if seconds > MINUTE:
        return ngettext("%(num)s minute", "%(num)s minutes", -(-seconds // MINUTE))
    return ngettext("%(num)s second", "%(num)s seconds", seconds)


def _count(tally: Tally, row: LoginThrottle, now: datetime) -> timedelta:
    # A time ahead of now was written before the machine's clock was set back.
    if abs(now - row.failed_at) > FORGOTTEN_AFTER:
        row.failures = 0
    row.failures += 1
    row.failed_at = now
    doubled = row.failures - tally.free
    if doubled < 0:
        row.blocked_until = None
        return timedelta()
    wait = min(timedelta(seconds=2 ** min(doubled, 16)), tally.longest)
    row.blocked_until = now + wait
    return wait


def _left(tally: Tally, row: LoginThrottle, now: datetime) -> timedelta:
    wait = row.blocked_until - now if row.blocked_until else timedelta()
    return wait if wait <= tally.longest else timedelta()


def _held(runtime: Runtime, key: str) -> LoginThrottle:
    """Return the count of a key, made if it is the first, which nobody else changes meanwhile."""
    new = {"key": key, "failures": 0, "failed_at": runtime.clock.system()}
    insert = insert_into(runtime.session, LoginThrottle)
    runtime.session.execute(insert.values(new).on_conflict_do_nothing())
    return runtime.session.get_one(LoginThrottle, key, with_for_update=True, populate_existing=True)


def _known(runtime: Runtime, operator: Operator | None, address: str) -> bool:
    """Tell whether an operator was logged in from an address lately."""
    query = select(LoginSession.id).where(
        LoginSession.operator_id == (operator.id if operator else None),
        LoginSession.address == address,
        LoginSession.seen_at > runtime.clock.system() - KNOWN_FOR,
    )
    return runtime.session.scalar(query.limit(1)) is not None


def _customer(address: str) -> str:
    """Return the network of IPv6 that one customer has, and any other address as it is."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    plain = getattr(found, "ipv4_mapped", None) or found
    if isinstance(plain, ipaddress.IPv4Address):
        return str(plain)
    return str(ipaddress.ip_network((plain, ONE_CUSTOMER), strict=False))


def _of_pair(email: str) -> str:
    """Return what the keys of an email begin with, from whatever address it is tried."""
    return f"{_key('pair', email)}:"


def _of_device(operator: Operator) -> str:
    """Return what the keys of the browsers of an operator begin with."""
    return f"{_key('device', str(operator.id))}:"


def _key(kind: str, part: str) -> str:
    """Return a key that holds no email and no address to be read."""
    return f"{kind}:{_hash(part)}"


def _hash(part: str) -> str:
    return hashlib.sha256(part.encode()).hexdigest()[:40]
