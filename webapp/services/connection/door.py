"""What a page about connecting says of signing in: whether one can, until when tokens last."""

from dataclasses import dataclass
from datetime import datetime

from channels import Channel
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services.channel import declared
from webapp.services.channel.context import SecretsOnDemand, context_of
from webapp.services.connection import accounts, sandbox
from webapp.services.connection.drafts import ServiceDraft
from webapp.services.models import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """How somebody signs in to the network of an account, or of a new one."""

    lacks: str
    until: datetime | None = None
    sandbox: bool = False
    # What the page that moves older keys is called, where the account has such keys.
    moves: str = ""
    # Whether an administrator can enter the app that people sign in to.
    takes_app: bool = False

    @property
    def is_signed_in(self) -> bool:
        """Whether the account is asked by the tokens of a sign-in."""
        return self.until is not None


@requires(Permission.ADMIN)
def of_channel(runtime: Runtime, channel: Channel) -> Door | None:
    """Return the door of a new account; nothing where nobody signs in to its network."""
    if channel.sign_in is None:
        return None
    settings = declared.form(channel)().settings()
    draft = ServiceDraft(label="", internal_name="", settings=settings, secrets={})
    context = accounts.drafted(runtime, channel.kind, draft, {})
    takes = declared.app_form(channel) is not None
    twin = sandbox.available(runtime, channel)
    return Door(lacks=declared.sign_in_lacks(channel, context), sandbox=twin, takes_app=takes)


@requires(Permission.ADMIN)
def of_service(runtime: Runtime, channel: Channel, service: Service) -> Door | None:
    """Return the door of an account that is connected."""
    if channel.sign_in is None:
        return None
    context = context_of(runtime, service, SecretsOnDemand(runtime, service.id))
    words = declared.moving_words(channel)
    movable = words is not None and declared.has_older_keys(channel, context)
    return Door(
        lacks=declared.sign_in_lacks(channel, context),
        until=declared.session_until(channel, context),
        takes_app=declared.app_form(channel) is not None,
        moves=words.title if words is not None and movable else "",
    )
