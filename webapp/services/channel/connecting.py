"""Asks the network who is connected and what is wrong, of an account that may not be stored."""

from collections.abc import Iterator

from channels import Account, Check
from webapp.kernel.runtime import Runtime
from webapp.services.channel import contract_guard as guard
from webapp.services.channel.context import ServiceContext


def connect(runtime: Runtime, kind: str, context: ServiceContext) -> Account:
    """Ask the network for the account that a context opens, stored or not."""
    part = runtime.registry.get(kind).connection
    return guard.ask(context.handle, (Account,), part.connect, context)


def diagnose(runtime: Runtime, kind: str, context: ServiceContext) -> Iterator[Check]:
    """Yield each check of a connection, stored or not, as it ends."""
    part = runtime.registry.get(kind).connection
    return guard.each(context.handle, Check, part.diagnose, context)
