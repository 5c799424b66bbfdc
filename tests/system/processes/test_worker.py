"""The child that runs a job: it must not outlive its worker, nor begin without it."""

import ctypes
import os
import signal
from types import SimpleNamespace

import pytest
from rq import Worker

from webapp.kernel.logging import log_context
from webapp.system.processes.worker import SafeWorker

JOB = SimpleNamespace(description="webapp.system.jobs.send_delivery(12)", id="5f0c")


class Gone(Exception):
    """The process was killed."""


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> SafeWorker:
    """A worker as its child sees it, with nothing that would reach the tests' own process."""

    def kill(pid: int, number: int) -> None:
        assert (pid, number) == (os.getpid(), signal.SIGKILL)
        raise Gone

    worker = SafeWorker.__new__(SafeWorker)
    worker.done = []
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: SimpleNamespace(prctl=lambda *_: 0))
    monkeypatch.setattr(os, "kill", kill)

    def work(self: SafeWorker, job: object, _queue: str) -> None:
        self.done.append((job, log_context.job()))

    monkeypatch.setattr(Worker, "main_work_horse", work)
    return worker


def test_a_child_of_a_living_worker_runs_its_job_and_names_it_in_the_log(child: SafeWorker):
    child.pid = os.getppid()

    child.main_work_horse(JOB, "queue")

    assert child.done == [(JOB, "send_delivery(12) 5f0c")]


def test_a_child_whose_worker_died_before_it_began_runs_nothing(child: SafeWorker):
    child.pid = os.getpid()

    with pytest.raises(Gone):
        child.main_work_horse(JOB, "queue")

    assert child.done == []
