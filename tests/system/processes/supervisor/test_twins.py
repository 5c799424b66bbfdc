import pytest

from tests.kernel.plugins.test_registry import Pigeon
from webapp.system.processes.supervisor.up import twin


class Coop:
    def __init__(self, answer: object) -> None:
        self.answer = answer

    def services(self, config):
        return ()

    def command(self, port, clock):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    ("answer", "command"),
    [
        (["coo", "--port"], ("coo", "--port")),
        ([], ()),
        (None, ()),
        (RuntimeError("no coop"), ()),
    ],
)
def test_a_twin_that_cannot_be_started_keeps_nothing_else_from_starting(answer, command):
    channel = Pigeon()
    channel.sandbox = Coop(answer)

    assert twin(channel, 8140, "") == command


def test_a_channel_without_a_sandbox_has_no_twin():
    assert twin(Pigeon(), 8140, "") == ()
