"""Gives back the turns that were taken for a message, as far as its calls did not use them."""

from channels import ChannelError, ErrorKind, NotSent
from webapp.deliveries.sending.call import Call
from webapp.kernel.runtime import Runtime
from webapp.services.limits import quota


def after(runtime: Runtime, call: Call, result: NotSent | ChannelError) -> None:
    """Give back what one call did not use, and what was held for the parts behind it.

    That is all of its turn where no request was made, and the own cap where it failed. A refusal
    for a limit gave the rest back already. The caller commits.
    """
    fault = result if isinstance(result, ChannelError) else None
    unused = fault is None or fault.never_sent
    if unused or fault is None or fault.kind is not ErrorKind.LIMITED:
        of_the_rest(runtime, call)
    if fault is not None and fault.kind is ErrorKind.UNKNOWN:
        return
    give = quota.give_all_back if unused else quota.give_back
    service, operation = call.message.service, call.delivery.kind.operation
    give(runtime, service, operation, call.attempt.started_at)


def of_the_rest(runtime: Runtime, call: Call) -> None:
    """Give back what was held for the parts behind a call; the caller commits."""
    behind = call.parts - call.attempt.position - 1
    if behind > 0:
        service, operation = call.message.service, call.delivery.kind.operation
        quota.give_all_back(runtime, service, operation, call.attempt.started_at, calls=behind)
