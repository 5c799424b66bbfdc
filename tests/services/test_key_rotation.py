"""New keys for stored secrets, while somebody else changes one."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.factories import actions, make_service
from tests.support.queues import InlineQueue
from webapp.kernel.db import db
from webapp.kernel.errors import Conflict
from webapp.kernel.processes.presence import Sign
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import SecretBox, new_key
from webapp.services import key_rotation
from webapp.services.models import ServiceSecret

MOMENT = 0.5


def test_a_secret_that_is_changed_meanwhile_stays_changed(runtime: Runtime):
    service = make_service(runtime)
    changed, rotating = Session(db.engine), Session(db.engine)
    changed.get_one(ServiceSecret, (service.id, "token")).ciphertext = runtime.secret_box.encrypt(
        "newer"
    )
    changed.flush()

    with ThreadPoolExecutor(1) as pool, changed, rotating:
        rotated = pool.submit(key_rotation.rotate, replace(runtime, session=rotating))
        wait([rotated], timeout=MOMENT)
        changed.commit()
        number = rotated.result()

    assert number == 1
    kept = runtime.session.get_one(ServiceSecret, (service.id, "token"), populate_existing=True)
    assert runtime.secret_box.decrypt(kept.ciphertext) == "newer"


def sign(*keys: str, kind: str = "web") -> Sign:
    return Sign(kind=kind, place="host:7", keys=keys)


def ciphertext(runtime: Runtime) -> bytes:
    row = runtime.session.scalars(select(ServiceSecret)).one()
    return bytes(row.ciphertext)


def test_nothing_is_rotated_while_a_running_process_lacks_the_new_key(
    runtime: Runtime, queue: InlineQueue
):
    make_service(runtime)
    before, new = ciphertext(runtime), runtime.secret_box.names[0]
    queue.signs = [sign(new, "older"), sign("older", kind="worker"), sign(kind="scheduler")]

    with pytest.raises(Conflict, match="new key: scheduler host:7, worker host:7"):
        key_rotation.rotate(runtime)

    assert ciphertext(runtime) == before
    assert actions(runtime) == []


def test_keys_are_rotated_once_every_process_holds_the_new_one(
    runtime: Runtime, queue: InlineQueue
):
    make_service(runtime)
    before, new = ciphertext(runtime), runtime.secret_box.names[0]
    queue.signs = [sign(new), sign(new, "older", kind="worker")]

    assert key_rotation.rotate(runtime) == 1
    assert ciphertext(runtime) != before


@pytest.mark.parametrize(("broker", "refused"), [("redis://broker:6379/0", True), ("", False)])
def test_a_broker_that_is_silent_hides_processes_unless_it_is_the_instances_own(
    runtime: Runtime, queue: InlineQueue, broker: str, *, refused: bool
):
    make_service(runtime)
    queue.signs = None
    there = replace(runtime, settings=replace(runtime.settings, redis_url=broker))

    if refused:
        with pytest.raises(Conflict, match="The broker does not answer"):
            key_rotation.rotate(there)
    else:
        assert key_rotation.rotate(there) == 1


def test_the_name_of_a_key_tells_nothing_of_it_and_is_the_same_everywhere():
    key = new_key()

    (name,) = SecretBox([key]).names

    assert name == SecretBox([key, new_key()]).names[0]
    assert name not in key
    assert key[:8] not in name
