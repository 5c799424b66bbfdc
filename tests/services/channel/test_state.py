"""What a channel remembers about a service: no worker loses what another remembered."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from channels import ChannelError, ErrorKind
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import SecretBox, new_key
from webapp.services import key_rotation
from webapp.services.channel.context import ServiceContext, context_of, unreadable
from webapp.services.client import Client
from webapp.services.connection import accounts
from webapp.services.connection.drafts import ServiceDraft
from webapp.services.models import Service, StateValue


@contextmanager
def worker(
    runtime: Runtime, service: Service, engine: Engine | None = None
) -> Iterator[ServiceContext]:
    """A call of another worker, with a session of its own."""
    with Session(engine or db.engine, expire_on_commit=False) as session:
        own = replace(runtime, session=session)
        with Client(own, session.get_one(Service, service.id)).lend() as context:
            yield context


def now(runtime: Runtime, service: Service) -> ServiceContext:
    runtime.session.commit()
    context = context_of(runtime, service)
    runtime.session.commit()
    return context


def test_two_workers_that_remember_different_things_lose_none(runtime: Runtime, service):
    with worker(runtime, service) as one, worker(runtime, service) as other:
        one.remember("seen", "x")
        other.remember("page", "2")

    assert dict(now(runtime, service).state) == {"seen": "x", "page": "2"}


def test_what_is_remembered_anew_takes_the_place_of_what_was(runtime: Runtime, service):
    for page in ("1", "2"):
        with worker(runtime, service) as context:
            context.remember("page", page)
            assert context.state["page"] == page

    assert dict(now(runtime, service).state) == {"page": "2"}


def test_a_secret_is_stored_encrypted_and_read_as_one(runtime: Runtime, service):
    with worker(runtime, service) as context:
        context.remember("refresh", "tok-4711", secret=True)
        assert context.secret("refresh") == "tok-4711"

    row = runtime.session.scalars(select(StateValue)).one()
    assert row.text == ""
    assert b"tok-4711" not in row.ciphertext
    assert now(runtime, service).secret("refresh") == "tok-4711"
    assert dict(now(runtime, service).state) == {}
    assert "tok-4711" not in repr(now(runtime, service))


def test_what_was_remembered_stands_before_the_field_of_its_name(runtime: Runtime, service):
    with worker(runtime, service) as context:
        assert context.secret("token") == "good"
        assert context.swap("token", "good", "rotated", secret=True)

    assert now(runtime, service).secret("token") == "rotated"


def test_a_field_that_is_typed_anew_stands_before_what_was_remembered(
    runtime: Runtime, network: FakeNetwork, service
):
    with worker(runtime, service) as context:
        context.remember("token", "rotated", secret=True)
        context.remember("page", "2")

    name = service.internal_name
    network.account = replace(network.account, remote_id=service.remote_id, handle=name)
    draft = ServiceDraft(label="Shop", internal_name=name, settings={}, secrets={"token": "typed"})
    accounts.change(runtime, service.id, draft)

    assert now(runtime, service).secret("token") == "typed"
    assert now(runtime, service).state["page"] == "2"


def test_of_two_workers_that_change_one_value_one_succeeds_and_the_other_reads_its(
    runtime: Runtime, service
):
    for secret in (True, False):
        name = f"refresh {secret}"
        with worker(runtime, service) as one, worker(runtime, service) as other:
            assert one.swap(name, "", "first", secret=secret)
            assert not other.swap(name, "", "second", secret=secret)
            assert (other.secret(name) if secret else other.state[name]) == "first"
            assert other.swap(name, "first", "third", secret=secret)

        found = now(runtime, service)
        assert (found.secret(name) if secret else found.state[name]) == "third"


def test_many_workers_count_without_losing_one(runtime: Runtime, service):
    runtime.session.commit()
    engine = db.engine

    def add(_number: int) -> None:
        with worker(runtime, service, engine) as context:
            while not context.swap("count", at := context.state.get("count", ""), f"{at}x"):
                pass

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(12)))

    assert now(runtime, service).state["count"] == "x" * 12


def test_a_value_is_there_at_once_though_the_call_fails_later(runtime: Runtime, service):
    with suppress(ChannelError), worker(runtime, service) as context:
        context.swap("refresh", "", "new", secret=True)
        raise ChannelError("The network minds.", kind=ErrorKind.TEMPORARY)

    assert now(runtime, service).secret("refresh") == "new"


def test_an_account_that_is_disconnected_leaves_nothing_remembered(runtime: Runtime, service):
    with worker(runtime, service) as context:
        context.remember("refresh", "tok-4711", secret=True)
        context.remember("page", "2")

    runtime.session.commit()
    accounts.remove(runtime, service.id)

    assert runtime.session.scalars(select(StateValue)).all() == []


def test_new_keys_encrypt_what_was_remembered_too(runtime: Runtime, queue):
    service = make_service(runtime)
    with worker(runtime, service) as context:
        context.remember("refresh", "tok-4711", secret=True)
    runtime.session.commit()
    newer = replace(runtime, secret_box=SecretBox([new_key(), *runtime.settings.encryption_keys]))

    assert key_rotation.rotate(newer) == 2
    assert context_of(newer, service).secret("refresh") == "tok-4711"
    newest = replace(runtime, secret_box=SecretBox([new_key()]))
    assert unreadable(newest) == [service.shown_name]


def test_a_field_that_was_typed_anew_is_no_longer_what_a_worker_swaps(
    runtime: Runtime, network: FakeNetwork, service
):
    name = service.internal_name
    network.account = replace(network.account, remote_id=service.remote_id, handle=name)
    draft = ServiceDraft(label="Shop", internal_name=name, settings={}, secrets={"token": "typed"})
    with worker(runtime, service) as context:
        accounts.change(runtime, service.id, draft)
        assert not context.swap("token", "good", "rotated", secret=True)
        assert context.secret("token") == "typed"

    assert now(runtime, service).secret("token") == "typed"
