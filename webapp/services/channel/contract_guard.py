"""The border to plugins: what one raises or answers against the contract stays its own fault."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from channels import ChannelError, ErrorKind
from channels.validation import short, unsound
from webapp.kernel.text.notices import Notice

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class ContractViolation(Exception):
    """An answer against the contract; the text says which of its values and what it must be."""


@contextmanager
def guard(handle: str) -> Iterator[None]:
    """Turn whatever a plugin raises against the contract into a `ChannelError`.

    A fault of the database is the core's own: a context reads its secrets when a plugin asks for
    them. It passes, so that the work is taken up again instead of blaming the plugin.
    """
    try:
        yield
    except ChannelError as fault:
        if not decides(fault):
            raise plugin_failed(fault) from fault
        raise
    except DBAPIError:
        raise
    # The border to foreign code: whatever a plugin raises stays its own fault.
    except Exception as fault:
        log.exception("A channel failed to work for %s.", handle)
        raise plugin_failed(fault) from fault


def decides(fault: ChannelError) -> bool:
    """Tell whether an error carries what the core decides by."""
    timeless = fault.retry_at is not None and fault.retry_at.utcoffset() is None
    return isinstance(fault.kind, ErrorKind) and not timeless


def plugin_failed(fault: Exception) -> ChannelError:
    """Return what a plugin did against the contract as an error of the contract."""
    name = str(fault) if isinstance(fault, ContractViolation) else f"{type(fault).__name__}."
    sentence = Notice("plugin_failed", name=name)
    return ChannelError(sentence, kind=ErrorKind.SENDER, code="plugin_failed")


def validate(answer: Answer, *kinds: type[Answer]) -> Answer:
    """Return an answer that keeps the contract; raise a `Breach` for any other."""
    _refuse_others(answer, *kinds)
    faults = unsound(answer)
    if faults:
        raise ContractViolation(faults[0])
    return answer


def listed(answers: Iterable[Answer], kind: type[Answer]) -> list[Answer]:
    """Return the members of an answer; raise a `Breach` for one of another kind."""
    found = list(answers)
    for item in found:
        _refuse_others(item, kind)
    return found


@contextmanager
def keeping(handle: str, answer: object, kind: type) -> Iterator[None]:
    """Blame the plugin where its answer breaks the contract and so cannot be kept.

    The answer is looked through only then: a page of an audience holds a thousand people.
    """
    try:
        _refuse_others(answer, kind)
        yield
    except ChannelError:
        raise
    except Exception as fault:
        try:
            validate(answer, kind)
        except ContractViolation as breach:
            log.exception("An answer for %s cannot be kept.", handle)
            raise plugin_failed(breach) from fault
        raise


def refuse_standing_still(cursor: str | None, following: str | None) -> None:
    """Raise a `ChannelError` for a list that leads to the page it is at: it would never end."""
    if cursor is not None and following == cursor:
        raise plugin_failed(ContractViolation(f"the place {short(cursor)} leads to itself."))


def _refuse_others(answer: object, *kinds: type) -> None:
    if not isinstance(answer, kinds):
        wanted = " or ".join(kind.__name__ for kind in kinds)
        raise ContractViolation(f"{short(answer)} is no {wanted}.")
