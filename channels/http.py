"""HTTP by the contract's rules: a timeout, no retry, and every fault with its decision.

A channel may use `Network` or bring a client of its own; the functions serve both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ssl import SSLCertVerificationError
from typing import Any, Final, TypeVar

import requests
from flask_babel import gettext as _

from channels.context import ChannelContext
from channels.errors import ChannelError, ErrorKind

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 30.0
TIMEOUT: Final = (CONNECT_SECONDS, READ_SECONDS)
QUARTER: Final = timedelta(minutes=15)
NOT_FOUND: Final = "not_found"
LONGEST_QUOTE: Final = 500
# A redirection is no success either: it is not followed, so that keys stay with their host.
SUCCESS: Final = range(200, 300)
REFUSALS: Final = range(400, 500)
# A server that gave up waiting (408), that has such a thing already (409), or whose client went
# away (499), may have done what it was asked.
DOUBTFUL: Final = (408, 409, 499)
READING: Final = ("GET", "HEAD")
# What a call, or reading its answer, may raise where the network did not say what was expected:
# a member that is missing, of another type, out of range, or nested without end.
UNCLEAR: Final = (
    requests.RequestException,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
# This error of requests is one of a call by its family, and of an answer by its meaning.
NO_JSON: Final = requests.exceptions.JSONDecodeError

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Network:
    """A network as one context reaches it: its name for sentences, its address, its headers."""

    name: str
    base: str
    context: ChannelContext
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def call(self, method: str, path: str, into: Callable[[Any], Result], **options: Any) -> Result:
        """Make one request and return what `into` makes of its JSON; `{}` stands for no body.

        `options` are those of `requests.request` without `timeout`. Raises `ChannelError` for
        everything but a success that `into` understands: a write whose answer is lost or strange
        is *unknown*.
        """
        writes = method.upper() not in READING
        given = {"headers": self.headers, "allow_redirects": False, **options}
        try:
            address = self.base.rstrip("/") + path
            answer = requests.request(method, address, timeout=TIMEOUT, **given)
            if answer.status_code in SUCCESS:
                return into(answer.json() if answer.content else {})
        except UNCLEAR as fault:
            raise of_network(fault, network=self.name, writes=writes) from fault
        raise of_answer(answer, self.context.now(), network=self.name, writes=writes)

    def delete(self, path: str) -> None:
        """Delete what stands at `path`; what is gone already is no error."""
        try:
            self.call("DELETE", path, lambda _found: None)
        except ChannelError as fault:
            if fault.code != NOT_FOUND:
                raise


class Unexpected(ValueError):
    """An answer whose member at `place`, such as `data.id`, is missing or of another kind."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


def text_of(found: Any, *path: str) -> str:
    """Return the text or number at a path of an answer, as a text that is not empty.

    Raises `Unexpected` for anything else, so that `None` never becomes the name of a thing.
    """
    value = member_of(found, *path)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise Unexpected(".".join(path))
    return str(value)


def member_of(found: Any, *path: str) -> Any:
    """Return what stands at a path of an answer; raises `Unexpected` where nothing does."""
    for name in path:
        if not isinstance(found, Mapping) or name not in found:
            raise Unexpected(".".join(path))
        found = found[name]
    return found


def of_network(fault: Exception, *, network: str, writes: bool) -> ChannelError:
    """Return what a call without a usable answer means: never begun, or nobody knows."""
    if not isinstance(fault, requests.RequestException) or isinstance(fault, NO_JSON):
        return unexpected(fault, network=network, writes=writes)
    if writes and not never_began(fault):
        return ChannelError(
            _("%(network)s did not answer.", network=network),
            kind=ErrorKind.UNKNOWN,
            code="no_answer",
            said=type(fault).__name__,
        )
    return ChannelError(
        _("%(network)s cannot be reached. Check this host's network.", network=network),
        kind=ErrorKind.TEMPORARY,
        code="unreachable",
        said=type(fault).__name__,
    )


def unexpected(fault: Exception, *, network: str, writes: bool) -> ChannelError:
    """Return what a success means that does not say what it should: a write may count."""
    place = fault.place if isinstance(fault, Unexpected) else ""
    if isinstance(fault, KeyError) and fault.args:
        place = str(fault.args[0])
    sentence = _("%(network)s answered something unexpected.", network=network)
    if place:
        sentence = _(
            "%(network)s answered something unexpected: its member “%(place)s” is missing or of "
            "another kind.",
            network=network,
            place=place,
        )
    elif isinstance(fault, NO_JSON):
        sentence = _(
            "%(network)s answered something unexpected: a page instead of JSON.", network=network
        )
    return ChannelError(
        sentence,
        kind=ErrorKind.UNKNOWN if writes else ErrorKind.TEMPORARY,
        code="no_answer" if writes else "unexpected",
        said=place or type(fault).__name__,
    )


def never_began(fault: Exception) -> bool:
    """Tell whether the request cannot have arrived: no name, no route, a wrong certificate.

    Encryption may also break when the request was read already, so that it broke proves nothing.
    """
    if isinstance(fault, requests.ConnectTimeout):
        return True
    cause = getattr(fault.args[0], "reason", None) if fault.args else None
    unverified = isinstance(next(iter(getattr(cause, "args", ())), None), SSLCertVerificationError)
    names = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError")
    return unverified or type(cause).__name__ in names


def of_answer(
    answer: requests.Response, now: datetime, *, network: str, writes: bool
) -> ChannelError:
    """Return what a status that is no success means on most networks.

    A 404 has the code `not_found`. Where a network answers 403 or 404 about a single person, the
    channel catches that and raises `PERMANENT` with `not_permitted` or `unknown_person`.
    """
    status = answer.status_code
    said = answer.text[:LONGEST_QUOTE]
    if status in (requests.codes.unauthorized, requests.codes.forbidden):
        text = _("%(network)s does not accept the keys of this account.", network=network)
        return ChannelError(text, kind=ErrorKind.SENDER, code="bad_token", said=said)
    if status == requests.codes.payment_required:
        text = _("No credits are left on %(network)s.", network=network)
        return ChannelError(text, kind=ErrorKind.SENDER, code="no_credits", said=said)
    if status == requests.codes.too_many_requests:
        text = _("The limit of %(network)s is spent.", network=network)
        until = retry_after(answer, now)
        return ChannelError(text, kind=ErrorKind.LIMITED, code="limited", said=said, retry_at=until)
    if not is_refusal(status, writes=writes):
        return stumbled(network, status, writes=writes)
    text = _("%(network)s refused this and answered %(status)s.", network=network, status=status)
    code = NOT_FOUND if status == requests.codes.not_found else "refused"
    return ChannelError(text, kind=ErrorKind.PERMANENT, code=code, said=said)


def is_refusal(status: int, *, writes: bool) -> bool:
    """Tell whether a status says that the request was not done.

    By RFC 9110 a 4xx finds the fault with the request, and a 5xx admits one of the server, which
    may show after the work was done: a gateway answers 503 also when the server behind it took a
    request and was lost before its answer. A redirection may lead to what a write left.
    """
    if writes:
        return status in REFUSALS and status not in DOUBTFUL
    return SUCCESS.stop <= status < REFUSALS.stop and status != requests.codes.request_timeout


def stumbled(network: str, status: int, *, writes: bool) -> ChannelError:
    """Return what an answer means that tells nothing of the request: a write may count."""
    return ChannelError(
        _("%(network)s stumbled and answered %(status)s.", network=network, status=status),
        kind=ErrorKind.UNKNOWN if writes else ErrorKind.TEMPORARY,
        code="no_answer" if writes else "stumbled",
        said=f"HTTP {status}",
    )


def retry_after(answer: requests.Response, now: datetime) -> datetime:
    """Return when `Retry-After` allows the next call; a quarter of an hour where it is absent."""
    text = answer.headers.get("Retry-After", "").strip()
    try:
        if text.isdecimal():
            return now + timedelta(seconds=int(text))
        return max(parsedate_to_datetime(text).astimezone(UTC), now)
    except (ValueError, OverflowError):
        return now + QUARTER
