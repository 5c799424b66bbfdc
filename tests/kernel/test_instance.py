import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from webapp.kernel.config.instance_files import kept
from webapp.kernel.config.settings import Settings, SettingsError
from webapp.kernel.instance import broker_url, make_private, remove_stand_in, socket_path
from webapp.kernel.secret_box import new_key


def test_a_key_is_made_once_however_many_processes_ask(tmp_path: Path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: kept(tmp_path / "key", new_key), range(32)))

    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_a_key_is_readable_by_its_owner_alone(tmp_path: Path):
    kept(tmp_path / "key", new_key)

    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(SettingsError, match="FANFARE_VAR"):
        kept(tmp_path / "file" / "key", new_key)


def test_a_deep_folder_gets_a_socket_of_a_legal_length():
    deep = Path("/srv") / ("a" * 60) / ("b" * 60)

    assert len(str(socket_path(deep))) < 108
    assert socket_path(deep) == socket_path(deep)


def test_the_brokers_folder_is_this_users_alone(tmp_path: Path):
    make_private(tmp_path / "own")

    assert stat.S_IMODE((tmp_path / "own").stat().st_mode) == 0o700


def test_a_folder_that_others_may_write_to_is_refused(tmp_path: Path):
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)

    with pytest.raises(SettingsError, match="others may write"):
        make_private(tmp_path / "open")


def test_a_link_that_somebody_laid_is_refused(tmp_path: Path):
    (tmp_path / "link").symlink_to(tmp_path)

    with pytest.raises(SettingsError, match="belongs to somebody else"):
        make_private(tmp_path / "link")


@pytest.fixture
def deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings whose folder is too deep for a socket, so that a stand-in serves."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return Settings(var=tmp_path / ("a" * 60) / ("b" * 60))


def test_no_process_listens_to_a_broker_in_a_folder_that_others_may_write_to(deep: Settings):
    stand_in = socket_path(deep.var).parent
    stand_in.mkdir()
    stand_in.chmod(0o777)

    with pytest.raises(SettingsError, match="others may write"):
        broker_url(deep)


def test_whoever_asks_first_takes_the_stand_in_folder_before_anybody_else_can(deep: Settings):
    broker_url(deep)

    assert stat.S_IMODE(socket_path(deep.var).parent.stat().st_mode) == 0o700


def test_a_place_without_room_for_the_stand_in_is_named(
    deep: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "file"))
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(SettingsError, match="FANFARE_VAR"):
        broker_url(deep)


def test_the_stand_in_goes_with_the_broker(deep: Settings, tmp_path: Path):
    broker_url(deep)
    socket_path(deep.var).touch()

    remove_stand_in(deep.var)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_an_instance_stays_where_no_stand_in_serves(tmp_path: Path):
    remove_stand_in(tmp_path)

    assert tmp_path.is_dir()
