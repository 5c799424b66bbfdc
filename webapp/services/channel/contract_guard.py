"""The border to plugins: what one raises or answers against the contract stays its own fault.

Values of the contract check themselves when a plugin makes them. What is left to ask here is
whether an answer is such a value at all.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError

from channels import ChannelError, ErrorKind
from channels.errors import refuse_unsound
from channels.validation import ContractViolation, short
from webapp.kernel.text.notices import Notice

log = logging.getLogger(__name__)

PLUGIN_FAILED = "plugin_failed"

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


@contextmanager
def guard(handle: str, *, writes: bool = False) -> Iterator[None]:
    """Turn whatever a plugin does against the contract into a `ChannelError` that says so.

    Of a call that `writes` nobody knows then whether the network took it. A fault of the database
    is the core's own: a context reads its secrets when a plugin asks for them. It passes, so that
    the work is taken up again instead of blaming the plugin.
    """
    try:
        with _sound_errors():
            yield
    except (ChannelError, DBAPIError):
        raise
    # The border to foreign code: whatever a plugin raises stays its own fault.
    except Exception as fault:
        log.exception("A channel failed to work for %s.", handle)
        raise plugin_failed(fault, writes=writes) from fault


@contextmanager
def _sound_errors() -> Iterator[None]:
    """Look at an error again: a plugin may have changed it since it was made."""
    try:
        yield
    except ChannelError as fault:
        refuse_unsound(fault)
        raise


def ask(
    handle: str,
    kinds: tuple[type, ...],
    method: Callable[Given, Answer],
    *given: Given.args,
    **named: Given.kwargs,
) -> Answer:
    """Call a plugin and return its answer, which is of one of these kinds; `guard` tells more."""
    with guard(handle):
        return expect(method(*given, **named), *kinds)


def each(
    handle: str,
    kind: type,
    method: Callable[Given, Iterable[Answer]],
    *given: Given.args,
    **named: Given.kwargs,
) -> Iterator[Answer]:
    """Call a plugin and yield what it answers one after the other, each of one kind."""
    with guard(handle):
        for item in method(*given, **named):
            yield expect(item, kind)


def expect(answer: Answer, *kinds: type) -> Answer:
    """Return an answer of one of these kinds; raise `ContractViolation` for any other."""
    if not isinstance(answer, kinds):
        wanted = " or ".join("nothing" if item is type(None) else item.__name__ for item in kinds)
        raise ContractViolation(f"{short(answer)} is no {wanted}.")
    return answer


def plugin_failed(fault: Exception, *, writes: bool = False) -> ChannelError:
    """Return what a plugin did against the contract as an error of the contract."""
    name = str(fault) if isinstance(fault, ContractViolation) else f"{type(fault).__name__}."
    sentence = Notice(PLUGIN_FAILED, name=name)
    if writes:
        return ChannelError(sentence, kind=ErrorKind.UNKNOWN, code="no_answer")
    return ChannelError(sentence, kind=ErrorKind.SENDER, code=PLUGIN_FAILED)


def refuse_standing_still(cursor: str | None, following: str | None) -> None:
    """Raise a `ChannelError` for a list that leads to the page it is at: it would never end."""
    if cursor is not None and following == cursor:
        raise plugin_failed(ContractViolation(f"the place {short(cursor)} leads to itself."))
