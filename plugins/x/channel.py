"""The X channel with its parts."""

from collections.abc import Sequence

from flask_babel import ngettext

from channels import (
    Accepts,
    Channel,
    ChannelContext,
    CountsAs,
    Feature,
    Operation,
    Option,
    SettingsForm,
)
from channels.sentences import _
from plugins.x import media, oauth2
from plugins.x.audience import XAudience
from plugins.x.connection import XConnection
from plugins.x.directs import XDirects
from plugins.x.forms import XAppForm
from plugins.x.inbox import XInbox
from plugins.x.limits import XLimits
from plugins.x.metrics import XMetrics
from plugins.x.pages import XPages
from plugins.x.posts import XPosts
from plugins.x.reconciliation import XReconciliation
from plugins.x.sandboxed import XSandbox
from plugins.x.sharing import XSharing
from plugins.x.signing_in import XMoving, XSessions, XSignIn
from plugins.x.texts.part import XTexts


class XChannel(Channel):
    """An account on X, reached by a sign-in of OAuth 2.0, or by four keys of OAuth 1.0a."""

    kind = "x"
    label = "X"
    icon = "brand-x"
    contract = 2
    # X wraps whatever link stands in a text, so ours go out as any other.
    post_accepts = Accepts(
        features=frozenset({Feature.THREAD, Feature.REPLY, Feature.LINKS, Feature.MEDIA}),
        most_media=media.MOST,
        most_bytes=media.LARGEST,
        mimes=media.MIMES,
    )
    direct_accepts = Accepts(features=frozenset({Feature.LINKS}))
    # Pictures of profiles, and those that X keeps for everybody who has none.
    image_hosts = ("pbs.twimg.com", "abs.twimg.com")
    options = (
        Option(
            name="api_url",
            default="https://api.x.com",
            help="Host that speaks X's API v2; another one serves tests and gateways.",
        ),
        Option(
            name="client_id",
            default="",
            help="OAuth 2.0 client id of your app on X, for signing in; one serves all accounts.",
        ),
        Option(
            name="client_secret",
            default="",
            help="The secret beside it; empty for a public client.",
        ),
        Option(
            name="sandbox_url",
            default="",
            help="Address of a running Sandbox X; offers to try Fanfare without keys.",
        ),
    )

    def operations(self) -> Sequence[Operation]:
        """Return what its calls do; X reads followers."""
        reading = Operation("audience", _("Followers read"), CountsAs.READ)
        return [reading if item == reading else item for item in super().operations()]

    def app_form(self) -> type[SettingsForm]:
        """Return the form of the app that people sign in to."""
        return XAppForm

    def try_app(self, context: ChannelContext) -> None:
        """Ask X whether it knows the app."""
        oauth2.try_app(context)

    def people_word(self, number: int) -> str:
        """Return what X calls those who read an account."""
        return str(ngettext("follower", "followers", number))

    connection = XConnection()
    audience = XAudience()
    inbox = XInbox()
    posts = XPosts()
    metrics = XMetrics()
    directs = XDirects()
    media = media.XUploads()
    texts = XTexts()
    reconciliation = XReconciliation()
    limits = XLimits()
    sandbox = XSandbox()
    pages = XPages()
    sessions = XSessions()
    moving = XMoving()
    sign_in = XSignIn()
    sharing = XSharing()
