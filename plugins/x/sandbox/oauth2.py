"""OAuth 2.0 as X does it: the page that asks, the token address, and the trade of older keys."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from plugins.x.sandbox import gate, seed
from plugins.x.sandbox.gate import sandbox, world
from plugins.x.sandbox.grants import CODE_LASTS, SCOPES, Code
from plugins.x.sandbox.limits import Operation
from plugins.x.sandbox.seed import Access
from plugins.x.sandbox.timeline import restrict

blueprint = Blueprint("oauth2", __name__, template_folder="templates")
blueprint.after_request(restrict)

ASKED = (
    "response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge",
    "code_challenge_method",
)  # fmt: skip
LONGEST_STATE = 500
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
OLD_TOKEN = "urn:x:params:oauth:token-type:oauth1_token"  # noqa: S105 - the name of a type
# What a token of the four keys may do, as scopes.
READS = ("tweet.read", "users.read", "follows.read", "offline.access")
MAPPED = {
    Access.READ: READS,
    Access.READ_WRITE: (*READS, "tweet.write", "follows.write", "media.write"),
    Access.FULL: (*READS, "tweet.write", "follows.write", "media.write", "dm.read", "dm.write"),
}
Told = tuple[Mapping[str, Any], int]


def faulty(view: Callable[[], Told]) -> Callable[[], Response]:
    """Let a view of the token address meet the faults that are set for it."""

    @wraps(view)
    def answer() -> Response:
        fault = gate.take_fault(Operation.TOKEN)
        with _counted():
            if fault is not None and (early := gate.before(fault)) is not None:
                return early
            with sandbox().lock:
                body, status = view()
                world().statuses[status] += 1
            response = gate.to_json(body, status)
            return response if fault is None else gate.after(fault, response)

    return answer


@contextmanager
def _counted() -> Iterator[None]:
    """Count what comes for an account before anything else, as nobody but the network can."""
    token = request.form.get("refresh_token", "")
    with sandbox().lock:
        grants = world().grants
        grant = grants.refresh.get(token)
        who = grant.profile if grant else _older(request.form.get("subject_token", ""))
        grants.came[token] += bool(token)
        grants.busy[who] += 1
        grants.most_at_once = max(grants.most_at_once, grants.busy[who] if who else 0)
    try:
        yield
    finally:
        with sandbox().lock:
            grants.busy[who] -= 1


def _older(token: str) -> int:
    account = world().account_with_token(token)
    return account.id if account else 0


@blueprint.get("/i/oauth2/authorize")
def ask() -> ResponseReturnValue:
    """Show who asks for what; anybody may answer for any account here."""
    asked = {name: request.args.get(name, "") for name in ASKED}
    wrong = _wrong(asked)
    if wrong:
        return render_template("sandbox/refused.html", wrong=wrong), 400
    with sandbox().lock:
        handles = [account.username for account in world().accounts.values()]
    scopes = asked["scope"].split()
    return render_template(
        "sandbox/authorise.html",
        asked=asked,
        scopes=scopes,
        handles=handles,
        host=urlsplit(asked["redirect_uri"]).netloc,
    )


@blueprint.post("/i/oauth2/authorize")
def decide() -> ResponseReturnValue:
    """Lead back to the app with a code, or with a refusal."""
    asked = {name: request.form.get(name, "") for name in ASKED}
    wrong = _wrong(asked)
    with sandbox().lock:
        profile = world().profile_named(request.form.get("handle", "").lstrip("@"))
        if wrong or profile is None:
            wrong = wrong or "Nobody has this handle."
            return render_template("sandbox/refused.html", wrong=wrong), 400
        if "refuse" in request.form:
            return _back(asked, error="access_denied")
        allowed = frozenset(request.form.getlist("allowed")) & frozenset(asked["scope"].split())
        code = Code(
            profile=profile.id,
            scopes=allowed,
            redirect_uri=asked["redirect_uri"],
            challenge=asked["code_challenge"],
            method=asked["code_challenge_method"],
            ends=world().clock.now() + CODE_LASTS,
        )
        return _back(asked, code=world().grants.allow(code))


def _back(asked: Mapping[str, str], **more: str) -> ResponseReturnValue:
    at, query = asked["redirect_uri"], urlencode({"state": asked["state"], **more})
    return redirect(f"{at}{'&' if '?' in at else '?'}{query}", code=303)


def _wrong(asked: Mapping[str, str]) -> str:
    """Return what is wrong with a request; X then shows an error and leads nowhere."""
    unknown = [name for name in asked["scope"].split() if name not in SCOPES]
    faults = {
        "The client id is unknown.": asked["client_id"] != seed.CLIENT_ID,
        "The response type must be code.": asked["response_type"] != "code",
        "No address to return to.": urlsplit(asked["redirect_uri"]).scheme not in ("http", "https"),
        "The state is missing or too long.": not 0 < len(asked["state"]) <= LONGEST_STATE,
        "The challenge is missing.": not asked["code_challenge"],
        "The method must be S256 or plain.": asked["code_challenge_method"]
        not in ("S256", "plain"),
        "No scope is asked for.": not asked["scope"],
        f"Unknown scope: {', '.join(unknown)}.": bool(unknown),
    }
    return next((text for text, wrong in faults.items() if wrong), "")


@blueprint.post("/2/oauth2/token")
@faulty
def token() -> Told:
    """Give a pair for a code, for a refresh token, or for the token of the four keys."""
    if not _is_app():
        return _refused("invalid_client", "Missing valid authorization header", 401)
    given, now, grants = request.form, world().clock.now(), world().grants
    kind = given.get("grant_type", "")
    grant = None
    if kind == "authorization_code":
        proof = (given.get("redirect_uri", ""), given.get("code_verifier", ""))
        grant = grants.redeem(given.get("code", ""), *proof, now)
    elif kind == "refresh_token":
        grant = grants.renew(given.get("refresh_token", ""), now)
    elif kind == EXCHANGE and given.get("subject_token_type") == OLD_TOKEN:
        account = world().account_with_token(given.get("subject_token", ""))
        secret = given.get("oauth_token_secret", "")
        if account and not account.revoked and account.access_token_secret == secret:
            grant = grants.trade(account.id, MAPPED[account.access])
    else:
        return _refused("unsupported_grant_type", "Unknown grant type.")
    if grant is None:
        return _refused("invalid_grant", "Value passed for the token was invalid.")
    return grants.pair(grant, now), 200


@blueprint.post("/2/oauth2/revoke")
def revoke() -> Response:
    """End the grant of a token."""
    with sandbox().lock:
        if not _is_app():
            body, status = _refused("invalid_client", "Missing valid authorization header", 401)
            return gate.to_json(body, status)
        world().grants.revoke(request.form.get("token", ""))
    return gate.to_json({"revoked": True})


def _is_app() -> bool:
    given = request.authorization
    known = f"{seed.CLIENT_ID}:{seed.CLIENT_SECRET}"
    shown = f"{given.username}:{given.password}" if given else ""
    return compare_digest(shown.encode(), known.encode())


def _refused(error: str, why: str, status: int = 400) -> Told:
    return {"error": error, "error_description": why}, status
