"""A network that states how its windows stand, and what the quota makes of it."""

from datetime import timedelta

from channels import Limit, ObservedLimit, Operation, Scope
from tests.support.fakes import direct_limit
from webapp.kernel.runtime import Runtime
from webapp.services.limits import observed, quota
from webapp.services.models import Service

QUARTER = timedelta(minutes=15)
DAY = 86_400


def three_limits() -> list[Limit]:
    app = Limit(
        operation=Operation.DIRECT, scope=Scope.APP, seconds=DAY, cap=1_440, shared_key="app1"
    )
    return [direct_limit(15), direct_limit(1_440, seconds=DAY), app]


def take(runtime: Runtime, service: Service, times: int = 1) -> quota.LimitReached | None:
    """Take some turns and return what the last one was told."""
    return [quota.reserve(runtime, service, Operation.DIRECT) for _ in range(times)][-1]


def stated(runtime: Runtime, remaining: int, **more) -> ObservedLimit:
    """What the network says of the shortest window, unless told otherwise."""
    values = {
        "operation": Operation.DIRECT,
        "scope": Scope.ACCOUNT,
        "seconds": 900,
        "cap": 15,
        "remaining": remaining,
        "resets_at": runtime.now() + QUARTER,
    }
    return ObservedLimit(**{**values, **more})


def correct(runtime: Runtime, service: Service, *limits: ObservedLimit) -> None:
    observed.correct(runtime, service, *limits)
    runtime.session.commit()


def standing(runtime: Runtime, service: Service, place: int = 0) -> quota.LimitUsage:
    return quota.usage(runtime, service, Operation.DIRECT)[place]
