"""The errors of a channel: each one carries the decision that follows from it."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from channels.validation import SLUG, check, violation
from channels.values import Check, CheckState


class ErrorKind(StrEnum):
    """What the core does after a failed call."""

    PERMANENT = "permanent"
    """This recipient or content will never work: fail the message, do not try again."""
    TEMPORARY = "temporary"
    """Nothing was accepted, for certain: try again later. No 5xx proves that of a write."""
    LIMITED = "limited"
    """A limit is spent: wait until `retry_at`, nothing is counted against the recipient."""
    SENDER = "sender"
    """The account, its token or its credit is at fault: pause the delivery, tell the operator."""
    UNKNOWN = "unknown"
    """Nobody knows whether the network accepted the call: never try again blindly."""


class ChannelError(Exception):
    """A call that did not end well; the message is a sentence for the operator, without secrets."""

    def __init__(  # noqa: PLR0913 - each argument is one fact of the fault
        self,
        message: str,
        *,
        kind: ErrorKind,
        code: str = "refused",
        retry_at: datetime | None = None,
        said: str = "",
        never_sent: bool = False,
    ) -> None:
        """Describe the fault.

        `code` is a stable word for reports (`not_permitted`, `no_credits` ...), `retry_at` the
        aware UTC time from which a limited call may be made again, `said` the network's own words.
        `never_sent` tells that no request left this machine: no name, no route, no encryption. It
        then uses up no limit and no money, and the work waits until the network can be reached.
        """
        super().__init__(message)
        self.message = message
        self.kind = kind
        self.code = code
        self.retry_at = retry_at
        self.said = said
        self.never_sent = never_sent
        refuse_unsound(self)


FACTS = {
    "message": str,
    "kind": ErrorKind,
    "code": str,
    "retry_at": datetime | None,
    "said": str,
    "never_sent": bool,
}


def refuse_unsound(fault: ChannelError) -> None:
    """Raise `ContractViolation` for an error that lacks what the core decides by.

    An error checks itself when it is made; the core asks again, since a plugin may change it.
    """
    name = type(fault).__name__
    for fact, hint in FACTS.items():
        check(getattr(fault, fact, None), hint, f"{name}.{fact}")
    if not SLUG.fullmatch(fault.code):
        raise violation(f"{name}.code", fault.code, "a stable word such as not_permitted")


def tried(label: str, call: Callable[[], object], *, fix: str, code: str = "answers") -> Check:
    """Make a call and return the check of it; a `ChannelError` is a failure that `fix` mends."""
    try:
        call()
    except ChannelError as fault:
        return Check(code=code, label=label, state=CheckState.ERROR, detail=fault.message, fix=fix)
    return Check(code=code, label=label, state=CheckState.PASSED)
