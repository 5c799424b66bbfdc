"""OAuth 2.0 at X: the app that asks, its one token address, and what X's answers mean.

Source: X's pages on the authorization code flow with PKCE, and on trading OAuth 1.0a tokens.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import requests

from channels import ChannelContext, ChannelError, ErrorKind, Granted, Session
from channels.http import Meaning, Network, text_of
from channels.sentences import _
from plugins.x import errors
from plugins.x.client import BEARER, base_of, sent
from plugins.x.sandbox import seed

ACCESS, REFRESH = BEARER, "oauth2_refresh_token"
EXPIRES, SCOPES, APP = "oauth2_expires_at", "oauth2_scopes", "oauth2_app"
TOKEN_PATH = "/2/oauth2/token"  # noqa: S105 - an address
LASTING = "offline.access"
LASTS = timedelta(hours=2)
Found = TypeVar("Found")
# What X says of an app that it does not know, or whose secret is wrong.
NO_APP_CODE, KNOWN_CODE = "no_app", "app_known"
NO_APP = ("invalid_client", "unauthorized_client")


@dataclass(frozen=True, slots=True)
class App:
    """The app that people sign in to; a public one has no secret."""

    client_id: str
    client_secret: str = field(repr=False)


def app_of(context: ChannelContext) -> App:
    """Return the app of an account: its own, or that of the whole instance; empty where none is."""
    if context.settings.get("sandbox"):
        return App(seed.CLIENT_ID, seed.CLIENT_SECRET)
    own = str(context.settings.get("client_id") or "").strip()
    if own:
        return App(own, context.secret("client_secret"))
    return App(context.config.get("client_id", ""), context.config.get("client_secret", ""))


def missing(context: ChannelContext) -> str:
    """Return what is missing before anybody can sign in or be moved."""
    if not base_of(context):
        return errors.no_sandbox().message
    if app_of(context).client_id:
        return ""
    return str(
        _(
            "Fanfare does not know the OAuth 2.0 client of your app. Enter it under Settings, "
            "Apps, or in the settings of the account, or set FANFARE_X_CLIENT_ID and "
            "FANFARE_X_CLIENT_SECRET; console.x.com shows both under “Keys and tokens”."
        )
    )


def signed_in(context: ChannelContext) -> bool:
    """Tell whether an account is asked with tokens of OAuth 2.0, and not with its four keys."""
    return bool(context.secret(ACCESS))


def scopes_of(context: ChannelContext) -> frozenset[str]:
    """Return what the tokens of an account are good for."""
    return frozenset(context.state.get(SCOPES, "").split())


def level_of(scopes: frozenset[str]) -> str:
    """Return what scopes allow in the words that X has for tokens of OAuth 1.0a."""
    if {"tweet.write", "dm.read", "dm.write"} <= scopes:
        return "read-write-directmessages"
    return "read-write" if "tweet.write" in scopes else "read"


def granted(context: ChannelContext, found: Mapping[str, Any]) -> Granted:
    """Return the tokens of an answer; without `LASTING` there is none to refresh by."""
    seconds = found.get("expires_in")
    lasts = timedelta(seconds=seconds) if isinstance(seconds, int) else LASTS
    secrets = {ACCESS: text_of(found, "access_token")}
    if LASTING in text_of(found, "scope").split():
        secrets[REFRESH] = text_of(found, "refresh_token")
    scopes, until = text_of(found, "scope"), context.now() + lasts
    state = {EXPIRES: until.isoformat(), SCOPES: scopes, APP: app_of(context).client_id}
    return Granted(secrets=secrets, scopes=frozenset(scopes.split()), expires_at=until, state=state)


def session(context: ChannelContext, found: Mapping[str, Any]) -> Session:
    """Return the tokens of an answer as a session; one that cannot be renewed is none.

    Its refresh token is kept whatever else the answer says: X has forgotten the one before. Scopes
    are those of the session before where none are named, as RFC 6749 allows.
    """
    refresh = text_of(found, "refresh_token")
    made = granted(context, {"scope": context.state.get(SCOPES, ""), **found})
    return Session(
        secrets={**made.secrets, REFRESH: refresh}, state=made.state, expires_at=made.expires_at
    )


def ends(context: ChannelContext) -> datetime | None:
    """Return when the tokens of an account end; the four keys do not."""
    told = context.state.get(EXPIRES)
    return datetime.fromisoformat(told) if told and signed_in(context) else None


def ask(
    context: ChannelContext,
    body: Mapping[str, str],
    refused: ChannelError,
    into: Callable[[Any], Found],
) -> Found:
    """Ask the token address once, as the app; `refused` is what a refusal of the grant means."""
    app, base = app_of(context), base_of(context)
    if not base:
        raise errors.no_sandbox()
    if not app.client_id:
        raise ChannelError(missing(context), kind=ErrorKind.SENDER, code=NO_APP_CODE)
    given: dict[str, Any] = {"data": {**body, "client_id": app.client_id}}
    if app.client_secret:
        given["auth"] = (sent(app.client_id), sent(app.client_secret))
    network = Network(errors.NAME, base, context, meaning=_meaning(refused))
    return network.call("POST", TOKEN_PATH, into, **given)


def _meaning(refused: ChannelError) -> Meaning:
    def meaning(answer: requests.Response) -> ChannelError | None:
        if answer.status_code not in (
            requests.codes.bad_request,
            requests.codes.unauthorized,
            requests.codes.forbidden,
        ):
            return None
        if answer.json().get("error") in NO_APP:
            return no_app()
        return refused

    return meaning


def try_app(context: ChannelContext) -> None:
    """Ask X whether it knows the app, by a code that nobody has; raise `no_app` if it does not.

    X minds an app that it does not know before it looks at the code, and nothing is used up.
    """
    refused = ChannelError(_("X knows this app."), kind=ErrorKind.SENDER, code=KNOWN_CODE)
    body = {
        "grant_type": "authorization_code",
        "code": "asks-whether-the-app-is-known",
        "redirect_uri": "https://localhost",
        "code_verifier": "asks-whether-the-app-is-known-and-uses-up-nothing",
    }
    try:
        ask(context, body, refused, lambda found: found)
    except ChannelError as fault:
        if fault.code != KNOWN_CODE:
            raise


def no_app() -> ChannelError:
    """Return what it means that X does not know the app, or its secret."""
    sentence = _(
        "X does not know this OAuth 2.0 client, or its secret is wrong. Copy client id and client "
        "secret again from console.x.com, your app, “Keys and tokens”."
    )
    return ChannelError(sentence, kind=ErrorKind.SENDER, code=NO_APP_CODE)
