"""New keys for stored secrets, while somebody else changes one."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

from sqlalchemy.orm import Session

from tests.factories import make_service
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services import keys
from webapp.services.models import ServiceSecret

MOMENT = 0.5


def test_a_secret_that_is_changed_meanwhile_stays_changed(runtime: Runtime):
    service = make_service(runtime)
    changed, rotating = Session(db.engine), Session(db.engine)
    changed.get_one(ServiceSecret, (service.id, "token")).locked = runtime.vault.lock("newer")
    changed.flush()

    with ThreadPoolExecutor(1) as pool, changed, rotating:
        rotated = pool.submit(keys.rotate, replace(runtime, session=rotating))
        wait([rotated], timeout=MOMENT)
        changed.commit()
        number = rotated.result()

    assert number == 1
    kept = runtime.session.get_one(ServiceSecret, (service.id, "token"), populate_existing=True)
    assert runtime.vault.open(kept.locked) == "newer"
