"""What is kept of a session beside its tokens: which names it has, whether it is in doubt.

All of it stands among what the channel remembers, so that it is read with the tokens, encrypted
with them and goes with them. Names that begin with `session.` and `next.` are the core's own.
"""

import json
from datetime import datetime, timedelta

from sqlalchemy import select, update

from channels import ChannelContext, Granted, Session
from webapp.kernel.runtime import Runtime
from webapp.services.channel import state
from webapp.services.channel.context import ServiceContext
from webapp.services.channel.state import Remembered
from webapp.services.models import Service, StateValue

NAMES, DOUBT, MOVING = "session.names", "session.doubt", "session.moving"
NEXT = "next."
# Networks let a session lapse that nobody uses for months; each is renewed long before.
KEEP_ALIVE = timedelta(days=30)

Tokens = Session | Granted


def names_of(context: ChannelContext) -> list[str]:
    """Return the names of what belongs to the session of an account; none where it has none."""
    return list(json.loads(context.state.get(NAMES) or "[]"))


def in_doubt(context: ChannelContext) -> bool:
    """Tell whether nobody knows if the tokens of an account are still worth something."""
    return bool(context.state.get(DOUBT))


def differ(context: ChannelContext, other: ChannelContext) -> bool:
    """Tell whether the session of an account is another one in the second context."""
    names = {*names_of(context), *names_of(other)}
    return any(context.secret(name) != other.secret(name) for name in names)


def values_of(tokens: Tokens) -> dict[str, Remembered]:
    """Return what is kept of new tokens."""
    names = sorted({*tokens.secrets, *tokens.state})
    return {
        **{name: Remembered(text) for name, text in tokens.state.items()},
        **{name: Remembered(text, secret=True) for name, text in tokens.secrets.items()},
        NAMES: Remembered(json.dumps(names)),
    }


def keep(runtime: Runtime, service: Service, tokens: Tokens) -> None:
    """Let an account be asked with these tokens from now on, and no others; the caller commits."""
    state.write(runtime, service.id, values_of(tokens))
    let_go(runtime, service)
    settle(runtime, service)


def settle(runtime: Runtime, service: Service) -> None:
    """Take back what was in doubt, or on its way; the caller commits."""
    state.forget(runtime, service.id, (DOUBT, MOVING))
    renew_at(runtime, service, runtime.now() + KEEP_ALIVE)


def hold(runtime: Runtime, service: Service, tokens: Tokens) -> None:
    """Keep tokens beside those that are used, until they have proved themselves."""
    held = {f"{NEXT}{name}": item for name, item in values_of(tokens).items()}
    state.write(runtime, service.id, held)


def held(context: ChannelContext) -> Session | None:
    """Return the tokens that have to prove themselves yet."""
    names = json.loads(context.state.get(f"{NEXT}{NAMES}") or "[]")
    if not names:
        return None
    plain = {name: context.state.get(f"{NEXT}{name}", "") for name in names}
    secret = {name: context.secret(f"{NEXT}{name}") for name in names}
    return Session(
        secrets={name: text for name, text in secret.items() if text},
        state={name: text for name, text in plain.items() if text},
    )


def let_go(runtime: Runtime, service: Service) -> None:
    """Forget tokens that had to prove themselves, readable or not; the caller commits."""
    names = select(StateValue.name).where(
        StateValue.service_id == service.id, StateValue.name.startswith(NEXT, autoescape=True)
    )
    state.forget(runtime, service.id, runtime.session.scalars(names).all())


def forget(runtime: Runtime, service: Service, context: ChannelContext) -> None:
    """Let an account be asked with its older keys from now on; the caller commits."""
    state.forget(runtime, service.id, [*names_of(context), NAMES, DOUBT, MOVING])
    renew_at(runtime, service, None)


def without(context: ServiceContext) -> ServiceContext:
    """Take the session out of a context, so that it is asked with its older keys."""
    names = {*names_of(context), NAMES}
    stored = {name: text for name, text in context.stored().items() if name not in names}
    context.secrets = {name: text for name, text in context.secrets.items() if name not in names}
    context.stored = lambda: stored
    return context


def doubt(runtime: Runtime, service: Service, again_at: datetime) -> None:
    """Note that nobody knows what the tokens are worth, and when to look; the caller commits."""
    state.write(runtime, service.id, {DOUBT: Remembered("1")})
    renew_at(runtime, service, again_at)


def renew_at(runtime: Runtime, service: Service, at: datetime | None) -> None:
    """Say when the session of an account is renewed at the latest; the caller commits."""
    runtime.session.execute(
        update(Service)
        .where(Service.id == service.id)
        .values(renew_at=at)
        .execution_options(synchronize_session=False)
    )
