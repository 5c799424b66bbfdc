"""What a network's answers mean, and the calls that have none: each with its decision."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ssl import SSLCertVerificationError
from traceback import walk_tb
from types import CodeType
from typing import Any, Final

import requests
import urllib3.connection

from channels.errors import ChannelError, ErrorKind
from channels.sentences import _

QUARTER: Final = timedelta(minutes=15)
NOT_FOUND: Final = "not_found"
LONGEST_QUOTE: Final = 500
# A redirection is no success either: it is not followed, so that keys stay with their host.
SUCCESS: Final = range(200, 300)
REFUSALS: Final = range(400, 500)
# A server that gave up waiting (408), that has such a thing already (409), or whose client went
# away (499), may have done what it was asked.
DOUBTFUL: Final = (408, 409, 499)
# What a refusal with this status means, where the channel does not say otherwise.
REFUSING: Final = {
    401: (ErrorKind.SENDER, "bad_token"),
    402: (ErrorKind.SENDER, "no_credits"),
    403: (ErrorKind.SENDER, "no_permission"),
    404: (ErrorKind.PERMANENT, NOT_FOUND),
    429: (ErrorKind.LIMITED, "limited"),
}
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
# Where connections are made, names looked up and encryption begun.
CONNECTION: Final = urllib3.connection.__file__
# This error of requests is one of a call by its family, and of an answer by its meaning.
NO_JSON: Final = requests.exceptions.JSONDecodeError


class NetworkError(ChannelError):
    """What an answer that is no success means, with its `status` and its whole `body`.

    `said` is cut to what a page can show. A channel that decides by the network's own codes reads
    them here, where nothing is cut off.
    """

    status: int
    body: str

    def json(self) -> Any:
        """Return the body as JSON; `None` when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


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
    if type(value) is str and value:
        return value
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise Unexpected(".".join(path))
    return str(value)


def member_of(found: Any, *path: str) -> Any:
    """Return what stands at a path of an answer; raises `Unexpected` where nothing does."""
    for name in path:
        # An object of JSON is a dict, which is asked first: asking for a Mapping takes longer.
        if not isinstance(found, dict | Mapping) or name not in found:
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
        never_sent=never_began(fault),
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
    """Tell whether the request cannot have arrived: no name, no route, no encryption.

    Encryption may also break when the request was read already, so what counts is whether the
    connection was still being made.
    """
    if isinstance(fault, requests.ConnectTimeout) or _while_connecting(fault):
        return True
    cause = getattr(fault.args[0], "reason", None) if fault.args else None
    unverified = isinstance(next(iter(getattr(cause, "args", ())), None), SSLCertVerificationError)
    names = ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError")
    return unverified or type(cause).__name__ in names


def _while_connecting(fault: BaseException) -> bool:
    """Tell whether a fault, or one it came from, arose while the connection was being made.

    The library names its errors alike before and after the request; where each was raised tells
    them apart. A request is written only when `connect` has returned.
    """
    seen: set[int] = set()
    at: BaseException | None = fault
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        frames = (frame for frame, _line in walk_tb(at.__traceback__))
        if any(_connects(frame.f_code) for frame in frames):
            return True
        at = at.__cause__ or at.__context__
    return False


def _connects(code: CodeType) -> bool:
    return code.co_name == "connect" and code.co_filename.endswith(CONNECTION)


def of_answer(
    answer: requests.Response, now: datetime, *, network: str, writes: bool
) -> NetworkError:
    """Return what a status that is no success means on most networks.

    A 404 has the code `not_found`. Where a network answers 401, 403 or 404 about a single person,
    or about something else than the keys, the channel says so with `Network.meaning`.
    """
    status, until = answer.status_code, None
    kind, code = REFUSING.get(status, (ErrorKind.PERMANENT, "refused"))
    if status == requests.codes.unauthorized:
        text = _("%(network)s does not accept the keys of this account.", network=network)
    elif status == requests.codes.forbidden:
        text = _("%(network)s does not allow this account to do that.", network=network)
    elif status == requests.codes.payment_required:
        text = _("No credits are left on %(network)s.", network=network)
    elif status == requests.codes.too_many_requests:
        text = _("The limit of %(network)s is spent.", network=network)
        until = retry_after(answer, now)
    elif not is_refusal(status, writes=writes):
        return _answered(stumbled(network, status, writes=writes), answer)
    else:
        text = _(
            "%(network)s refused this and answered %(status)s.", network=network, status=status
        )
    said = body_of(answer)[:LONGEST_QUOTE]
    made = NetworkError(text, kind=kind, code=code, said=said, retry_at=until)
    return _answered(made, answer)


def _answered(made: NetworkError, answer: requests.Response) -> NetworkError:
    made.status, made.body = answer.status_code, body_of(answer)
    return made


def body_of(answer: requests.Response) -> str:
    """Return the whole body as text; one that names no encoding is read as UTF-8, never guessed."""
    named = "charset" in answer.headers.get("Content-Type", "").lower()
    try:
        return answer.content.decode((named and answer.encoding) or "utf-8", "replace")
    except LookupError:
        return answer.content.decode("utf-8", "replace")


def is_refusal(status: int, *, writes: bool) -> bool:
    """Tell whether a status says that the request was not done.

    By RFC 9110 a 4xx finds the fault with the request, and a 5xx admits one of the server, which
    may show after the work was done: a gateway answers 503 also when the server behind it took a
    request and was lost before its answer. A redirection may lead to what a write left.
    """
    if writes:
        return status in REFUSALS and status not in DOUBTFUL
    return SUCCESS.stop <= status < REFUSALS.stop and status != requests.codes.request_timeout


def stumbled(network: str, status: int, *, writes: bool) -> NetworkError:
    """Return what an answer means that tells nothing of the request: a write may count."""
    return NetworkError(
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
