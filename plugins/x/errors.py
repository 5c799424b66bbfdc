"""Turns X's answers that are no success, and lost calls, into the contract's errors."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from channels import ChannelError, ErrorKind, http
from channels.sentences import _
from plugins.x.error_rows import (
    LIMITED,
    PERMANENT,
    REFUSED,
    ROWS,
    SIGNED_OUT,
    SKEWED,
    Body,
    Row,
)

NAME = "X"
LONGEST_QUOTE = 500
LARGEST_SKEW = timedelta(minutes=5)
# The windows that X states in headers, and how long each is, in seconds.
WINDOWS = {"x-rate-limit": 900, "x-user-limit-24hour": 86_400, "x-app-limit-24hour": 86_400}
LONGEST = timedelta(seconds=max(WINDOWS.values()))


class XError(ChannelError):
    """An error of X with the parameters of the request that X finds fault with.

    `detail` is all that X says; `said` is cut to what a page can show.
    """

    parameters: frozenset[str] = frozenset()
    detail: str = ""


def objects_to(fault: ChannelError, parameter: str) -> bool:
    """Tell whether X refused a request for the name of one of its parameters."""
    if fault.code != REFUSED.code:
        return False
    if not isinstance(fault, XError):
        return parameter in fault.said
    return parameter in fault.parameters or parameter in fault.detail


def of_answer(answer: requests.Response, now: datetime, *, writes: bool) -> ChannelError:
    """Return what an answer that is no success means."""
    body = body_of(answer)
    status = answer.status_code
    row = next((item for item in ROWS if item.fits(status, body)), None)
    if row is not None and row.code == "bad_token":
        row = _of_token(answer, now, row)
    if row is None and http.is_refusal(status, writes=writes):
        row = REFUSED
    if row is None:
        return http.stumbled(NAME, status, writes=writes)
    made = XError(
        _with_reason(row, body),
        kind=row.kind,
        code=row.code,
        retry_at=retry_at(answer, now) if row.kind is LIMITED else None,
        said=body.detail[:LONGEST_QUOTE],
    )
    made.parameters, made.detail = body.parameters, body.detail
    return made


def _of_token(answer: requests.Response, now: datetime, row: Row) -> Row:
    """Return what a 401 means: of a sign-in, of a clock, or of the four keys."""
    asked: requests.PreparedRequest | None = answer.request
    if asked is not None and asked.headers.get("Authorization", "").startswith("Bearer "):
        return SIGNED_OUT
    return SKEWED if _skewed(answer, now) else row


def _with_reason(row: Row, body: Body) -> str:
    """Return the sentence of a row; where X alone knows what it objects to, in X's words too."""
    reason = body.detail[:LONGEST_QUOTE].strip()
    if row is not REFUSED or not reason:
        return str(row.sentence)
    return str(_("X refuses this request: %(why)s", why=reason.rstrip(".") + "."))


class NothingShown(ChannelError):
    """A good answer that holds nothing but errors."""


def of_partial(found: Mapping[str, Any]) -> NothingShown:
    """Return what a good answer means that holds nothing but errors, such as of a closed list."""
    body = _body(found)
    return NothingShown(
        _("X does not show this list any more."),
        kind=PERMANENT,
        code=REFUSED.code,
        said=body.detail[:LONGEST_QUOTE],
    )


def _skewed(answer: requests.Response, now: datetime) -> bool:
    """Tell whether X refuses a signature for its age: v2 says no more than *Unauthorized* then."""
    theirs = date_of(answer)
    return theirs is not None and abs(now - theirs) >= LARGEST_SKEW


def date_of(answer: requests.Response | None) -> datetime | None:
    """Return the time an answer was made by its server's clock."""
    text = answer.headers.get("Date") if answer is not None else None
    try:
        return parsedate_to_datetime(text).astimezone(UTC) if text else None
    except ValueError:
        return None


def of_network(fault: Exception, *, writes: bool) -> ChannelError:
    """Return what a call without an answer means: never begun, or nobody knows."""
    return http.of_network(fault, network=NAME, writes=writes)


def no_sandbox() -> ChannelError:
    """Return what an account of the sandbox means to a process that knows of no sandbox."""
    return ChannelError(
        _("No Sandbox X is known here. Set FANFARE_X_SANDBOX_URL to its address."),
        kind=ErrorKind.TEMPORARY,
        code="unreachable",
        never_sent=True,
    )


def body_of(answer: requests.Response) -> Body:
    """Read an error body in any of X's shapes; HTML and nonsense read as empty."""
    try:
        plain = json.loads(answer.content or b"{}")
    except ValueError:
        return Body()
    if not isinstance(plain, dict):
        return Body()
    return _body(plain)


def _body(plain: Mapping[str, Any]) -> Body:
    listed = plain.get("errors")
    errors = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    own = [plain.get("detail"), plain.get("title")]
    theirs = [item.get("message") or item.get("detail") for item in errors]
    said = [str(text) for text in (*theirs, *own) if text]
    return Body(
        detail=" ".join(_different(theirs)) or next(iter(said), ""),
        said=" ".join(said).lower(),
        problem=str(plain.get("type", "")).rstrip("/").rsplit("/", 1)[-1],
        codes=tuple(item["code"] for item in errors if isinstance(item.get("code"), int)),
        parameters=frozenset(
            name
            for item in errors
            if isinstance(item.get("parameters"), dict)
            for name in item["parameters"]
        ),
    )


def _different(texts: Iterable[object]) -> list[str]:
    """Return each text once: of a fault, the reason is told before what all such faults share."""
    return [*dict.fromkeys(str(text) for text in texts if text)]


def retry_at(answer: requests.Response, now: datetime) -> datetime:
    """Return when a spent limit opens again.

    That is the latest reset among the windows that are empty. Where X refuses although it states
    that something remains, a window it counts otherwise is spent, most likely the one that ends
    first. X says nothing of it in `Retry-After`, but a gateway before X may. Without any header
    nobody knows; X's shortest window is a quarter of an hour.
    """
    resets = {name: reset_of(answer.headers, name, now) for name in WINDOWS}
    known = {name: moment for name, moment in resets.items() if moment and moment > now}
    spent = [at for name, at in known.items() if answer.headers.get(f"{name}-remaining") == "0"]
    if spent:
        return max(spent)
    if known and "Retry-After" not in answer.headers:
        return min(known.values())
    return min(http.retry_after(answer, now), now + LONGEST)


def reset_of(headers: Mapping[str, str], prefix: str, now: datetime) -> datetime | None:
    """Return when a window of `WINDOWS` opens again: no later than a whole window from now."""
    stated = moment_of(headers.get(f"{prefix}-reset"))
    return stated and min(stated, now + timedelta(seconds=WINDOWS[prefix]))


def moment_of(text: str | None) -> datetime | None:
    """Return the instant a header tells in seconds since 1970; nothing when that makes no sense."""
    try:
        return datetime.fromtimestamp(int(text or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return None
