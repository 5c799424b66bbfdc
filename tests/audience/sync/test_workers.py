from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from sqlalchemy import func, select

from tests.support.factories import make_service
from tests.support.sync_process import PEOPLE, TIMES, write_all
from webapp.audience.models import Subscription, Visitor
from webapp.kernel.config.settings import Settings
from webapp.kernel.runtime import Runtime


@pytest.mark.several_writers
def test_syncs_that_meet_in_the_same_people_never_wait_for_each_other(
    runtime: Runtime, settings: Settings
):
    services = [make_service(runtime), make_service(runtime)]

    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        both = [
            pool.submit(write_all, settings, service.id, backwards=bool(number))
            for number, service in enumerate(services)
        ]
        done = [item.result() for item in both]

    assert done == [TIMES, TIMES]
    assert runtime.session.scalar(select(func.count(Visitor.id))) == PEOPLE
    assert runtime.session.scalar(select(func.count(Subscription.id))) == 2 * PEOPLE
