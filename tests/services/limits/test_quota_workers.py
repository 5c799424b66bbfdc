from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from channels import Limit, Operation, Scope
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork, direct_limit
from tests.support.quota_process import take_all
from webapp.kernel.config.settings import Settings
from webapp.kernel.runtime import Runtime
from webapp.services.limits import quota

WORKERS = 4


def test_processes_together_take_what_is_there_and_no_more(
    runtime: Runtime, network: FakeNetwork, settings: Settings
):
    shared = Limit(
        operation=Operation.DIRECT, scope=Scope.APP, seconds=86_400, cap=120, shared_key="app1"
    )
    network.limits = [direct_limit(80), shared]
    services = [make_service(runtime), make_service(runtime)]
    ids = [service.id for service in services] * (WORKERS // 2)

    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        taken = list(pool.map(take_all, [settings] * WORKERS, [network.limits] * WORKERS, ids))

    assert sum(taken) == 120
    own = [quota.usage(runtime, service)[0].used for service in services]
    assert sum(own) == 120
    assert max(own) <= 80
