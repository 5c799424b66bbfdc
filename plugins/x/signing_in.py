"""People sign in on X by OAuth 2.0 with PKCE, and accounts keep what that gave them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from channels import (
    ChannelContext,
    ChannelError,
    ErrorKind,
    Granted,
    MovingWords,
    Operation,
    Session,
    SharedProfile,
    SignInRequest,
)
from channels.http import member_of
from channels.sentences import _
from plugins.x import oauth2
from plugins.x.client import XClient, base_of, understood
from plugins.x.mapping import to_person

AUTHORISE = "https://x.com/i/oauth2/authorize"
AUTHORISE_PATH = "/i/oauth2/authorize"
WHO = ("id", "name", "username")
# X tells an address that it confirmed, to whom the person allows it.
EMAIL_SCOPE, EMAIL_FIELD = "users.email", "confirmed_email"
KEYS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
OLD_TOKEN = "urn:x:params:oauth:token-type:oauth1_token"  # noqa: S105 - the name of a type


class XSignIn:
    """The sign-in part of the channel."""

    def scopes(self) -> Mapping[str, str]:
        """Return what an account is asked to allow."""
        return {
            "tweet.read": str(_("Read its posts.")),
            "tweet.write": str(_("Publish posts and delete them.")),
            "users.read": str(_("Read its profile.")),
            "follows.read": str(_("Read who follows it.")),
            "dm.read": str(_("Read direct messages, to hear STOP.")),
            "dm.write": str(_("Send direct messages.")),
            "media.write": str(_("Upload pictures and films.")),
            "offline.access": str(_("Stay connected until you take that back.")),
        }

    def missing(self, context: ChannelContext) -> str:
        """Return what is missing before anybody can sign in."""
        return oauth2.missing(context)

    def authorise(self, context: ChannelContext, request: SignInRequest) -> str:
        """Return the address where the person is asked."""
        asked = {
            "response_type": "code",
            "client_id": oauth2.app_of(context).client_id,
            "redirect_uri": request.redirect_uri,
            "scope": " ".join(request.scopes),
            "state": request.state,
            "code_challenge": request.challenge,
            "code_challenge_method": "S256",
        }
        at = AUTHORISE
        if context.settings.get("sandbox"):
            at = base_of(context).rstrip("/") + AUTHORISE_PATH
        return f"{at}?{urlencode(asked)}"

    def exchange(self, context: ChannelContext, request: SignInRequest, code: str) -> Granted:
        """Turn the code into tokens; X takes it once, and within 30 seconds."""
        body = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": request.redirect_uri,
            "code_verifier": request.verifier,
        }
        refused = ChannelError(
            _("X does not take this sign-in any more: its code lasts 30 seconds. Sign in again."),
            kind=ErrorKind.SENDER,
            code="sign_in_refused",
        )
        return oauth2.ask(context, body, refused, lambda found: oauth2.granted(context, found))

    def profile(self, context: ChannelContext, granted: Granted) -> SharedProfile:
        """Return who signed in, and what else they let X tell; what they did not is not asked."""
        more = [EMAIL_FIELD] if EMAIL_SCOPE in granted.scopes else []
        client = XClient(context, Operation.ACCOUNT, bearer=granted.secrets[oauth2.ACCESS])
        found = client.get("/users/me", **{"user.fields": ",".join([*WHO, *more])})
        with understood(writes=False):
            user = member_of(found, "data")
            person = to_person(user)
        shared = {"name": person.name, "email": str(user.get(EMAIL_FIELD) or "") if more else ""}
        told = {name: text for name, text in shared.items() if text}
        return SharedProfile(person=person, shared=told)


class XSessions:
    """The sessions part: access tokens of two hours, and refresh tokens that X takes once."""

    def expires_at(self, context: ChannelContext) -> datetime | None:
        """Return when the access token ends; the four keys do not."""
        return oauth2.ends(context)

    def uses_up(self, context: ChannelContext) -> str:
        """Return the refresh token: X makes a new one of it, also where its answer is lost."""
        return context.secret(oauth2.REFRESH)

    def refresh(self, context: ChannelContext) -> Session:
        """Ask for a new pair."""
        made_for = context.state.get(oauth2.APP, "")
        if made_for and made_for != oauth2.app_of(context).client_id:
            raise _other_app()
        refused = ChannelError(
            _(
                "X does not renew the sign-in of this account: it was taken back on X, or not used "
                "for six months. Sign in on X again."
            ),
            kind=ErrorKind.SENDER,
            code="signed_out",
        )
        body = {
            "grant_type": "refresh_token",
            "refresh_token": context.secret(oauth2.REFRESH),
        }
        return oauth2.ask(context, body, refused, lambda found: oauth2.session(context, found))


def _other_app() -> ChannelError:
    sentence = _(
        "The sign-in of this account belongs to another OAuth 2.0 client than the one that is set "
        "now. Set that one again, or sign in on X again."
    )
    return ChannelError(sentence, kind=ErrorKind.SENDER, code=oauth2.NO_APP_CODE)


class XMoving:
    """The moving part: X trades the token of the four keys, and leaves it as it is."""

    def words(self) -> MovingWords:
        """Return what people call both."""
        return MovingWords(
            older=_("four keys"),
            newer=_("OAuth 2"),
            title=_("Move to OAuth 2"),
            line=_(
                "X ends the four keys of OAuth 1.0a. Fanfare exchanges each for an OAuth 2 token; "
                "both are kept until the new one has proven itself."
            ),
        )

    def keys(self) -> Sequence[str]:
        """Return the names of the four keys."""
        return KEYS

    def trade(self, context: ChannelContext) -> Session:
        """Trade the token of the account; the pair of an earlier trade ends with it."""
        refused = ChannelError(
            _("X does not take the four keys of this account any more. Sign in on X."),
            kind=ErrorKind.SENDER,
            code="keys_over",
        )
        body = {
            "grant_type": EXCHANGE,
            "subject_token": context.secret("access_token"),
            "subject_token_type": OLD_TOKEN,
            "oauth_token_secret": context.secret("access_token_secret"),
        }
        return oauth2.ask(context, body, refused, lambda found: oauth2.session(context, found))
