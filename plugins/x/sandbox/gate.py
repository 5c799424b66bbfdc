"""What every request of the API passes: faults, signature, limits, permission, credits."""

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from decimal import Decimal
from functools import wraps
from hmac import compare_digest
from threading import RLock
from typing import Any, cast

from flask import Flask, Response, current_app, g, request

from channels.clock import MovableClock
from plugins.x.sandbox import prices
from plugins.x.sandbox.answers import Refusal, forbidden, unauthorized, user_only
from plugins.x.sandbox.faults import BEFORE, DROPS, Fault, FaultKind, without
from plugins.x.sandbox.limits import APP_ONLY, Operation, too_many
from plugins.x.sandbox.oauth import SignedRequest
from plugins.x.sandbox.planting import plant
from plugins.x.sandbox.seed import Access
from plugins.x.sandbox.state import Account, Options, World

JSON = "application/json; charset=utf-8"
PROBLEM_JSON = "application/problem+json"
FIRST_PROBLEM = 400
FORBIDDEN = 403
# X's edge answers in HTML when it is in trouble.
BROKEN_PAGE = (
    "<!DOCTYPE html><html><title>X / Error</title><body><h1>Over capacity</h1></body></html>"
)
# The server hangs up without an answer when a request's environment holds this.
HANG_UP = "fanfare.sandbox.hang_up"
# It hangs up in the middle of the answer when it holds this.
CUT = "fanfare.sandbox.cut"

BEARER = "Bearer "
_RANK = list(Access)
# What a sign-in has to allow beside what its level does.
UPLOADS = (
    Operation.UPLOAD,
    Operation.UPLOAD_STEP,
    Operation.UPLOAD_STATUS,
    Operation.MEDIA_METADATA,
)
NEEDS = {Operation.FOLLOWERS: "follows.read", **dict.fromkeys(UPLOADS, "media.write")}
Answer = Mapping[str, Any] | tuple[Mapping[str, Any], int]
View = Callable[..., Answer]


class Sandbox:
    """The running sandbox: its clock, its lock and the world it is in now."""

    def __init__(self, options: Options, clock: MovableClock) -> None:
        self.options = options
        self.clock = clock
        self.lock = RLock()
        self.world = plant(options, clock)

    def reset(self) -> None:
        """Begin again: the first accounts and audience, an empty record, no faults."""
        self.world.faults.clear()
        self.world = plant(self.options, self.clock)


def sandbox() -> Sandbox:
    """Return the sandbox of this application."""
    return cast("Sandbox", current_app.extensions["sandbox"])


def world() -> World:
    """Return the world as it is now; the caller holds the lock."""
    return sandbox().world


def caller() -> Account:
    """Return the account whose token signed this request."""
    return cast("Account", g.caller)


def scopes() -> frozenset[str]:
    """Return what whoever signed in allowed; nothing for tokens of another kind."""
    return cast("frozenset[str]", g.get("scopes", frozenset()))


def guarded(operation: Operation, needs: Access = Access.READ) -> Callable[[View], View]:
    """Let a view answer only who may ask, and as often as X allows."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(**arguments: str) -> Any:
            fault = take_fault(operation)
            if fault is not None and (early := before(fault)) is not None:
                return early
            with sandbox().lock:
                response = _respond(view, operation, needs=needs, arguments=arguments)
            return response if fault is None else after(fault, response)

        return answer

    return decorate


def install(app: Flask) -> None:
    """Send refusals as X does, and the headers a request has gathered."""
    app.register_error_handler(Refusal, _refused)
    app.after_request(_add_headers)


def to_json(body: Any, status: int = 200, kind: str = JSON) -> Response:
    """Return a JSON answer."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, content_type=kind)


def _respond(
    view: View, operation: Operation, *, needs: Access, arguments: dict[str, str]
) -> Response:
    try:
        _admit(operation, needs)
        answer = view(**arguments)
    except Refusal as refused:
        _charge_refused(operation, refused)
        return _refused(refused)
    body, status = answer if isinstance(answer, tuple) else (answer, 200)
    body = world().dialect.spoken(body)
    world().statuses[status] += 1
    return to_json(body, status)


def _admit(operation: Operation, needs: Access) -> None:
    here = world()
    g.unknown_names = here.dialect.refused
    given = request.headers.get("Authorization", "")
    if given.startswith(BEARER):
        _admit_bearer(operation, given.removeprefix(BEARER), needs)
        return
    signed = SignedRequest(request.method, _uri(), given)
    token = here.gatekeeper.read(signed).get("oauth_token", "")
    account = here.account_with_token(token)
    now = here.clock.now()
    here.gatekeeper.verify(signed, account, now=now, system=here.clock.system())
    g.caller = account
    g.headers = {"x-access-level": caller().access.value}
    _admit_account(operation, caller().access, needs)


def _admit_account(operation: Operation, access: Access, needs: Access) -> None:
    """Admit the account that asks, as far as its limits, its standing and its token go."""
    here = world()
    g.headers |= here.limits.spend(caller().id, operation, now=here.clock.now())
    if caller().suspended:
        raise forbidden("Your account is suspended and is not permitted to access this feature.")
    if _RANK.index(access) < _RANK.index(needs):
        raise forbidden()
    here.wallet.require()


def _admit_bearer(operation: Operation, token: str, needs: Access) -> None:
    """Admit who holds the token of a sign-in as that account; any other token is the app's own."""
    here = world()
    grant = here.grants.holder(token, here.clock.now())
    if grant is None:
        _admit_app(operation, token)
        return
    g.caller, g.headers, g.scopes = here.signed_in(grant.profile), {}, grant.scopes
    if operation in NEEDS and NEEDS[operation] not in grant.scopes:
        raise forbidden()
    _admit_account(operation, access_of(grant.scopes), needs)


def access_of(scopes: frozenset[str]) -> Access:
    """Return what the scopes of a sign-in allow."""
    if {"tweet.write", "dm.read", "dm.write"} <= scopes:
        return Access.FULL
    return Access.READ_WRITE if "tweet.write" in scopes else Access.READ


def _admit_app(operation: Operation, token: str) -> None:
    """Admit whoever holds the app's own token to what X shows everybody, and to nothing else."""
    here = world()
    if not compare_digest(token.encode(), here.app_token.encode()):
        raise unauthorized()
    g.caller = here.app
    if operation not in APP_ONLY:
        raise user_only()
    g.headers = here.limits.spend_app(operation, now=here.clock.now())
    here.wallet.require()


def charge(what: str, price: Decimal) -> None:
    """Take the price of a write and write it on the bill, or raise a 402 and take nothing."""
    here = world()
    here.wallet.charge(price)
    here.billing.add(here.clock.now().date(), caller().username, what, price)


def charge_reading(what: str, price: Decimal, kind: str, things: Sequence[Hashable]) -> None:
    """Take the price of each thing that is read, or raise a 402 and take nothing.

    `kind` says what the things are, whichever address they are read at.
    """
    here, day = world(), world().clock.now().date()
    here.wallet.require(price * len(things))
    count = here.billing.unread(day, kind, things)
    here.wallet.charge(price * count)
    here.billing.add(day, caller().username, what, price * count, count)


def _charge_refused(operation: Operation, refused: Refusal) -> None:
    """Charge for a write that was refused, where the bill is one of those."""
    if not world().billing.refused_writes or refused.status != FORBIDDEN:
        return
    price = {Operation.POST: prices.POST, Operation.DIRECT: prices.DIRECT}.get(operation)
    if price is not None and world().wallet.balance >= price:
        charge(operation.value, price)


def _uri() -> str:
    raw = request.environ.get("RAW_URI") or request.full_path.rstrip("?")
    return f"{request.scheme}://{request.host}{raw}"


def _refused(refused: Refusal) -> Response:
    with sandbox().lock:
        world().statuses[refused.status] += 1
    response = to_json(refused.body, refused.status, PROBLEM_JSON)
    response.headers.update(refused.headers)
    return response


def _add_headers(response: Response) -> Response:
    response.headers.update(g.get("headers", {}))
    return response


def take_fault(operation: Operation) -> Fault | None:
    """Count a request, and return the fault that is set for it."""
    with sandbox().lock:
        world().requests[operation.value] += 1
        return world().faults.take(operation.value)


def before(fault: Fault) -> Response | None:
    """Return what a request gets in the place of being done; nothing where it is done."""
    if fault.kind is FaultKind.LIMITED:
        problem = too_many()
        problem.headers = dict(fault.headers)
        return _refused(problem)
    if fault.kind is FaultKind.STATUS:
        return _told(fault)
    if fault.kind in BEFORE:
        return _hang_up(fault)
    return None


def after(fault: Fault, response: Response) -> Response:
    """Return what becomes of the answer to a request that was done."""
    if fault.kind in DROPS:
        return _hang_up(fault)
    if fault.kind is FaultKind.STATUS_AFTER:
        return _told(fault)
    if fault.kind is FaultKind.WITHOUT:
        body = response.get_json(silent=True)
        for member in fault.members:
            body = without(body, member)
        return to_json(body, response.status_code)
    request.environ[CUT] = fault.kind is FaultKind.CUT_AFTER
    world().faults.hold(fault)
    return response


def _hang_up(fault: Fault) -> Response:
    world().faults.hold(fault)
    request.environ[HANG_UP] = True
    return Response(status=502)


def _told(fault: Fault) -> Response:
    """Answer as a fault says; without a word on the body, with the page of a gateway."""
    with sandbox().lock:
        world().statuses[fault.status] += 1
    if fault.body is None or isinstance(fault.body, str):
        page = BROKEN_PAGE if fault.body is None else fault.body
        response = Response(page, fault.status, content_type="text/html; charset=utf-8")
    else:
        kind = JSON if fault.status < FIRST_PROBLEM else PROBLEM_JSON
        response = to_json(fault.body, fault.status, kind)
    response.headers.update(fault.headers)
    return response
