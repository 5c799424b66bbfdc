"""A click that was noted outlives its process, and nobody reads what is still written to."""

import errno
import fcntl
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


def full(*_given: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_what_no_line_can_be_written_of_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    writer, write = Spool(tmp_path), os.write
    cut_off = [lambda file, line: write(file, line[:9]), full]
    for number, wrong in enumerate(cut_off):
        monkeypatch.setattr(os, "write", wrong)
        writer.note(noted(number))
        monkeypatch.setattr(os, "write", write)
        writer._again_at = 0.0

    assert writer.remembered() == [noted(0), noted(1)]
    assert [click for file in writer.complete() for click in file.clicks()] == []


def test_a_place_where_nothing_can_be_locked_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def no_locks(*_given: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    writer = Spool(tmp_path)
    writer.note(noted(1))

    assert writer.remembered() == [noted(1)]
