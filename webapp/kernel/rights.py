"""Lets a use-case ask its actor for a permission, whichever page, command or job calls it.

A page that forgets to ask, or a new way in, then still cannot do what its operator may not.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from webapp.kernel.permissions import Permission
from webapp.kernel.runtime import Runtime

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")
UseCase = Callable[Concatenate[Runtime, Arguments], Answer]


def requires(
    permission: Permission,
) -> Callable[[UseCase[Arguments, Answer]], UseCase[Arguments, Answer]]:
    """Let a use-case raise `NotAllowed`, before it does anything, for who lacks `permission`."""

    def guard(use_case: UseCase[Arguments, Answer]) -> UseCase[Arguments, Answer]:
        @wraps(use_case)
        def asked(runtime: Runtime, /, *args: Arguments.args, **named: Arguments.kwargs) -> Answer:
            runtime.require(permission)
            return use_case(runtime, *args, **named)

        asked.permission = permission  # type: ignore[attr-defined]  # read by the tests
        return asked

    return guard
