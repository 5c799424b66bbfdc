"""What X allows and charges, as data; X's own headers correct the limits while they are used.

Source: X's pages on rate limits and on pay-per-use prices, as of August 2026.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from channels import ChannelContext, Content, Limit, Operation, Price, Scope
from channels.sentences import _
from plugins.x import oauth2, texts

QUARTER, DAY = 900, 86_400
# How many of an account's own posts are read with it.
LATEST = 5
LINK, DESCRIBED = "link", "described"

LIMITS = (
    (Operation.ACCOUNT, Scope.ACCOUNT, QUARTER, 75),
    (Operation.AUDIENCE, Scope.ACCOUNT, QUARTER, 300),
    (Operation.INBOX, Scope.ACCOUNT, QUARTER, 15),
    (Operation.POST, Scope.ACCOUNT, QUARTER, 100),
    (Operation.POST, Scope.APP, DAY, 10_000),
    (Operation.DELETE, Scope.ACCOUNT, QUARTER, 50),
    (Operation.DIRECT, Scope.ACCOUNT, QUARTER, 15),
    (Operation.DIRECT, Scope.ACCOUNT, DAY, 1_440),
    (Operation.DIRECT, Scope.APP, DAY, 1_440),
    (Operation.FIND, Scope.ACCOUNT, QUARTER, 15),
    (Operation.METRICS, Scope.ACCOUNT, QUARTER, 5_000),
    (Operation.UPLOAD, Scope.ACCOUNT, QUARTER, 500),
    (Operation.UPLOAD, Scope.APP, DAY, 50_000),
)


class XLimits:
    """The limits part of the channel."""

    def limits(self, context: ChannelContext) -> Sequence[Limit]:
        """Return the limits; those of the app are shared by all services with its key."""
        app = fingerprint(context.secret("consumer_key") or oauth2.app_of(context).client_id)
        return [
            Limit(operation=operation, scope=scope, seconds=seconds, cap=cap, shared_key=app)
            for operation, scope, seconds, cap in LIMITS
        ]

    def prices(self, context: ChannelContext) -> Sequence[Price]:
        """Return the prices; whoever owns the app reads its own followers for a tenth."""
        return (
            _price(Operation.DIRECT, "0.015", _("Direct messages sent")),
            _price(Operation.POST, "0.015", _("Posts without a link")),
            _price(Operation.POST, "0.200", _("Posts with a link"), LINK),
            _followers(context),
            _read_once(Operation.INBOX, "0.010", _("Messages read")),
            _account(context),
            _price(Operation.FIND, "0.005", _("Outcomes looked up")),
            _read_once(Operation.METRICS, "0.005", _("Figures of posts read")),
            _price(Operation.DELETE, "0.010", _("Posts deleted")),
            # X's staff reported the first, its price list holds the words beside a picture.
            _price(Operation.UPLOAD, "0.015", _("Pictures uploaded")),
            _price(Operation.UPLOAD, "0.020", _("Pictures uploaded, with alt text"), DESCRIBED),
        )

    def variant(self, content: Content) -> str:
        """Return `link` for a text with one: such a post costs more.

        Of pictures without a text it is whether they are described, by a call that costs.
        """
        if any(texts.has_link(part.text) for part in content.parts):
            return LINK
        silent = not any(part.text for part in content.parts)
        described = any(item.alt for part in content.parts for item in part.media)
        return DESCRIBED if silent and described else ""


def _followers(context: ChannelContext) -> Price:
    if context.settings.get("foreign_app"):
        return _price(Operation.AUDIENCE, "0.010", _("Followers read"))
    return _price(Operation.AUDIENCE, "0.001", _("Followers read, own account"))


def _account(context: ChannelContext) -> Price:
    """Return the price of an account that is read: it is free, its latest posts are not."""
    each = Decimal("0.005") if context.settings.get("foreign_app") else Decimal("0.001")
    label = _("Account read, with its latest posts")
    return _read_once(Operation.ACCOUNT, str(each * LATEST), label)


def _price(operation: Operation, amount: str, label: str, variant: str = "") -> Price:
    return Price(operation=operation, amount=Decimal(amount), label=label, variant=variant)


def _read_once(operation: Operation, amount: str, label: str) -> Price:
    """Return a price of reading: X charges for a thing once in a UTC day."""
    return replace(_price(operation, amount, label), once_a_day=True)


def fingerprint(consumer_key: str) -> str:
    """Return a name for an app that does not reveal its key."""
    return hashlib.sha256(consumer_key.encode()).hexdigest()[:16]
