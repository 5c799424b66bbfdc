"""The X channel with its parts."""

from channels import Channel, Option
from plugins.x.audience import XAudience
from plugins.x.connection import XConnection
from plugins.x.directs import XDirects
from plugins.x.inbox import XInbox
from plugins.x.limits import XLimits
from plugins.x.pages import XPages
from plugins.x.posts import XPosts
from plugins.x.reconciliation import XReconciliation
from plugins.x.sandboxed import XSandbox
from plugins.x.texts.part import XTexts


class XChannel(Channel):
    """An account on X, reached by OAuth 1.0a keys of its own app."""

    kind = "x"
    label = "X"
    icon = "brand-x"
    # Pictures of profiles, and those that X keeps for everybody who has none.
    image_hosts = ("pbs.twimg.com", "abs.twimg.com")
    options = (
        Option(
            name="api_url",
            default="https://api.x.com",
            help="Host that speaks X's API v2; another one serves tests and gateways.",
        ),
        Option(
            name="sandbox_url",
            default="",
            help="Address of a running Sandbox X; offers to try Fanfare without keys.",
        ),
    )

    connection = XConnection()
    audience = XAudience()
    inbox = XInbox()
    posts = XPosts()
    directs = XDirects()
    texts = XTexts()
    reconciliation = XReconciliation()
    limits = XLimits()
    sandbox = XSandbox()
    pages = XPages()
