"""One look at the session of an account: when it ends, what a refresh uses up, what is traded."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels import Channel
from channels.further_parts import Sessions
from channels.validation import violation
from webapp.kernel.runtime import Runtime
from webapp.services.channel import contract_guard, declared, session_store
from webapp.services.channel.context import ServiceContext, context_of
from webapp.services.models import Service

# A session that ends within this time is renewed before the next call.
AHEAD = timedelta(minutes=2)
# What somebody changes in the context of an account.
Changed = Callable[[ServiceContext], ServiceContext]


def as_stored(context: ServiceContext) -> ServiceContext:
    """Change nothing."""
    return context


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """One look at the session of an account, and what can be done about it."""

    runtime: Runtime
    service: Service
    channel: Channel
    part: Sessions
    # Whether it is renewed although it lasts, so that it does not lapse.
    forced: bool = False
    # What somebody changes about the account just now, which the network is asked with already.
    changed: Changed = as_stored

    def ends(self, context: ServiceContext) -> datetime | None:
        """Return when the tokens of a context end."""
        kinds = (datetime, type(None))
        ends = contract_guard.ask(context.handle, kinds, self.part.expires_at, context)
        if ends is not None and ends.utcoffset() is None:
            raise contract_guard.plugin_failed(
                violation("expires_at", ends, "an aware time in UTC")
            )
        return ends

    def is_good(self, context: ServiceContext) -> bool:
        """Tell whether a session needs nothing; one that tells no end has none."""
        if session_store.in_doubt(context) or self.forced:
            return False
        ends = self.ends(context)
        return ends is None or ends - self.runtime.now() > AHEAD

    def is_valid(self, context: ServiceContext) -> bool:
        """Tell whether calls can be made yet."""
        ends = self.ends(context)
        return ends is None or ends > self.runtime.now()

    def token(self, context: ServiceContext) -> str:
        """Return the token that a refresh uses up; empty where it may be sent again."""
        return contract_guard.ask(context.handle, (str,), self.part.uses_up, context)

    def can_trade(self, context: ServiceContext) -> bool:
        """Tell whether the account has older keys that are worth a session."""
        if not session_store.names_of(context):
            return False
        return declared.has_older_keys(self.channel, context)

    def now(self) -> ServiceContext:
        """Return the context as it is now, with no transaction open."""
        context = context_of(self.runtime, self.service)
        self.runtime.session.commit()
        return self.changed(context)
