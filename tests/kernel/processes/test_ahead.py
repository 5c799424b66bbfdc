from dataclasses import dataclass

import pytest
from sqlalchemy.exc import OperationalError

from webapp.kernel.processes import shutdown
from webapp.kernel.processes.ahead import Ahead, asking_ahead


@dataclass
class Page:
    """Something that was asked for."""

    fault: Exception | None = None
    dropped: int = 0

    def drop(self) -> None:
        self.dropped += 1
        if self.fault:
            raise self.fault


def test_one_thing_is_asked_for_at_a_time_and_taken_by_its_key():
    ahead, page = Ahead(), Page()
    assert ahead.is_open

    ahead.put("second", page)

    assert not ahead.is_open
    assert ahead.holds("second")
    assert ahead.take("second", Page) is page
    assert ahead.is_open
    assert page.dropped == 0


def test_what_another_key_asked_for_is_dropped():
    ahead, page = Ahead(), Page()
    ahead.put("second", page)

    assert ahead.take("first", Page) is None

    assert page.dropped == 1
    assert ahead.is_open


def test_once_closed_it_lends_what_it_has_and_takes_no_more():
    ahead, page = Ahead(), Page()
    ahead.put("second", page)

    assert not ahead.close()
    assert ahead.take("second", Page) is page

    assert not ahead.is_open
    assert ahead.close()


def test_nothing_is_asked_for_once_the_process_is_to_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutdown, "asked", lambda: True)

    assert not Ahead().is_open


def test_nothing_is_under_way_after_the_job():
    page = Page()

    with asking_ahead() as ahead:
        ahead.put("second", page)

    assert page.dropped == 1


@pytest.mark.parametrize("lost", [None, OperationalError("", {}, ValueError("no database"))])
def test_a_fault_of_the_job_is_told_whatever_becomes_of_the_rest(lost: Exception | None):
    page = Page(fault=lost)

    def job() -> None:
        with asking_ahead() as ahead:
            ahead.put("second", page)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        job()
    assert page.dropped == 1
