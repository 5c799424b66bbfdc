"""Turns X's answers that are no success, and lost calls, into the contract's errors."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from flask_babel import gettext as _

from channels import ChannelError, ErrorKind, http
from plugins.x.error_rows import LIMITED, PERMANENT, REFUSED, ROWS, SKEWED, Body

NAME = "X"
LONGEST_QUOTE = 500
LARGEST_SKEW = timedelta(minutes=5)


def of_answer(answer: requests.Response, now: datetime, *, writes: bool) -> ChannelError:
    """Return what an answer that is no success means."""
    body = body_of(answer)
    status = answer.status_code
    row = next((item for item in ROWS if item.fits(status, body)), None)
    if row is not None and row.code == "bad_token" and _skewed(answer, now):
        row = SKEWED
    if row is None and http.is_refusal(status, writes=writes):
        row = REFUSED
    if row is None:
        return http.stumbled(NAME, status, writes=writes)
    return ChannelError(
        str(row.sentence),
        kind=row.kind,
        code=row.code,
        retry_at=retry_at(answer, now) if row.kind is LIMITED else None,
        said=body.detail[:LONGEST_QUOTE],
    )


def of_partial(found: Mapping[str, Any]) -> ChannelError:
    """Return what a good answer means that holds nothing but errors, such as of a closed list."""
    body = _body(found)
    return ChannelError(
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
        _("No Sandbox X is known here. Set FANFARE_X_SANDBOX_URL to the address ./run prints."),
        kind=ErrorKind.TEMPORARY,
        code="unreachable",
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
    return Body(
        detail=_detail(plain, errors),
        problem=str(plain.get("type", "")).rstrip("/").rsplit("/", 1)[-1],
        codes=tuple(item["code"] for item in errors if isinstance(item.get("code"), int)),
    )


def _detail(plain: Mapping[str, Any], errors: list[dict[str, Any]]) -> str:
    own = [plain.get("detail"), plain.get("title")]
    theirs = [item.get("message") or item.get("detail") for item in errors]
    return next((str(text) for text in [own[0], *theirs, own[1]] if text), "")


def retry_at(answer: requests.Response, now: datetime) -> datetime:
    """Return when a spent limit opens again: the latest reset among the windows that are empty."""
    resets = [
        moment_of(answer.headers.get(f"{prefix}-reset"))
        for prefix in ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
        if answer.headers.get(f"{prefix}-remaining") == "0"
    ]
    known = [moment for moment in resets if moment and moment > now]
    # X says nothing of it in `Retry-After`, but a gateway before X may. Without a header nobody
    # knows; X's shortest window is a quarter of an hour.
    return max(known, default=http.retry_after(answer, now))


def moment_of(text: str | None) -> datetime | None:
    """Return the instant a header tells in seconds since 1970; nothing when that makes no sense."""
    try:
        return datetime.fromtimestamp(int(text or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return None
