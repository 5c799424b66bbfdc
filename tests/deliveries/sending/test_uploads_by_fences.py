"""A worker that dies or is held up between uploads sends no post bare, and none twice."""

from datetime import timedelta

import pytest

from channels import ErrorKind, MediaState, RemoteMedia
from channels.clock import FileClock
from tests.support.crash import Workers
from tests.support.deliveries import fault
from tests.support.fakes import FakeNetwork
from tests.support.media import expect_whole, illustrated, takes_pictures
from webapp.kernel.db import dialect_of
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

# All that a slice of a thread of two parts with a picture each has. On a server what is written
# before a call waits for the disk by one more, and the last ones are of parts that went out.
NUMBER = {"sqlite": 23, "postgresql": 28}
COMMITS = range(1, min(NUMBER.values()) + 1)


@pytest.fixture
def workers(runtime: Runtime, network: FakeNetwork, clock: FileClock, service: Service) -> Workers:
    takes_pictures(network)
    return Workers(runtime, clock, illustrated(runtime, service))


@pytest.mark.parametrize("at", COMMITS)
def test_a_crash_after_any_commit_loses_no_picture_and_sends_none_twice(
    workers: Workers, network: FakeNetwork, at: int
):
    workers.slice(at=at, happens=workers.crash)

    workers.others_finish()

    assert workers.states() == ["sent"]
    expect_whole(network)


def test_every_commit_is_tried(runtime: Runtime, workers: Workers):
    assert workers.slice() == NUMBER[dialect_of(runtime.session)]


def test_a_worker_held_up_between_uploads_sends_nothing_again(
    workers: Workers, network: FakeNetwork
):
    network.before_upload = [None, workers.others_finish]

    workers.slice()

    workers.finish()
    assert workers.states() == ["sent"]
    expect_whole(network)


@pytest.mark.parametrize("late", [ErrorKind.TEMPORARY, ErrorKind.PERMANENT, None])
def test_a_late_answer_to_an_upload_says_nothing_about_what_another_worker_sent(
    workers: Workers, network: FakeNetwork, late: ErrorKind | None
):
    def other_sends() -> None:
        workers.clock.pass_time(timedelta(minutes=10))
        network.after = [fault(ErrorKind.UNKNOWN)]
        workers.slice()
        assert workers.states() == ["unknown"]
        if late:
            raise fault(late)
        ask_at = workers.clock.now() + timedelta(minutes=1)
        network.answers = [RemoteMedia(remote_id="m0", state=MediaState.PROCESSING, ask_at=ask_at)]

    network.finds_posts = False
    network.before_upload = [None, other_sends]

    workers.slice()

    assert workers.states() == ["unknown"]
    assert network.posts == ["One."]
