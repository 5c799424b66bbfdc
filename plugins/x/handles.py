"""Handles of X: which can exist at all, and which do."""

import re

from channels import ChannelContext, ChannelError, ErrorKind, Operation
from channels.sentences import _
from plugins.x.client import XClient

HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")


def refuse_impossible(handle: str) -> None:
    """Raise a `ChannelError` for a handle that X gives to nobody."""
    if not HANDLE.fullmatch(handle):
        sentence = _(
            "@%(name)s cannot be a handle of X, which has 1 to 15 letters, digits and underscores. "
            "Correct the handle.",
            name=handle,
        )
        raise ChannelError(sentence, kind=ErrorKind.SENDER, code="no_handle")


def refuse_missing(context: ChannelContext, actual: str) -> None:
    """Raise a `ChannelError` where nobody has the handle that was typed.

    Asked only about an account that is new here and whose keys belong to another one: an account
    that is known may have been renamed.
    """
    if context.remote_id is not None or context.handle.lower() == actual.lower():
        return
    if not _exists(context):
        sentence = _(
            "There is no account @%(name)s on X. Correct the handle: these keys belong to "
            "@%(actual)s.",
            name=context.handle,
            actual=actual,
        )
        raise ChannelError(sentence, kind=ErrorKind.SENDER, code="no_handle")


def _exists(context: ChannelContext) -> bool:
    """Ask X for the handle; it answers about one that nobody has by 200 with errors, or by 404."""
    try:
        found = XClient(context, Operation.FIND).get(f"/users/by/username/{context.handle}")
    except ChannelError as fault:
        if fault.code != "unknown_person":
            raise
        return False
    return bool(found.get("data"))
