"""A click that was noted outlives its process, and nobody reads what is still written to."""

import os
import signal
from pathlib import Path

import pytest

from webapp.tracking.spool import Noted, Spool

pytestmark = pytest.mark.one_database


def noted(number: int) -> Noted:
    return Noted(key=number, link_id=1, message_id=None, at=1.0)


def test_what_a_process_noted_before_it_was_killed_is_there(tmp_path: Path):
    child = os.fork()
    if not child:
        Spool(tmp_path).note(noted(7))
        os.kill(os.getpid(), signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)

    assert os.WTERMSIG(status) == signal.SIGKILL
    files = [list(file.clicks()) for file in Spool(tmp_path).complete()]
    assert files == [[noted(7)]]


def test_a_file_that_is_written_to_is_left_alone_until_it_is_closed(tmp_path: Path):
    writer, reader = Spool(tmp_path), Spool(tmp_path)
    writer.note(noted(1))

    assert list(reader.complete()) == []
    writer.close()
    writer.note(noted(2))
    assert [list(file.clicks()) for file in reader.complete()] == [[noted(1)]]


def test_a_line_that_was_cut_off_takes_none_of_the_others_along(tmp_path: Path):
    writer = Spool(tmp_path)
    writer.note(noted(1))
    writer.close()
    (path,) = tmp_path.iterdir()
    path.write_text(path.read_text() + '{"key":2,"li')

    assert [list(file.clicks()) for file in Spool(tmp_path).complete()] == [[noted(1)]]
