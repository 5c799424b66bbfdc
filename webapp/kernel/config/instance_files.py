"""The files of an instance: who makes them, who only needs them, and that nobody else reads them.

A process whose environment was cut would find neither database nor keys, and must not begin an
instance of its own beside the team's. So `establish` alone makes any, and whoever was told to make
an instance calls it; everybody else raises what is missing.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy.engine import make_url

from webapp.kernel.config import home, location
from webapp.kernel.config.command_name import RUN
from webapp.kernel.config.settings import Settings, SettingsError, variable
from webapp.kernel.secret_box import new_key

OWN = 0o600
MAKERS: dict[str, Callable[[], str]] = {
    "secret_key": lambda: secrets.token_urlsafe(48),
    "encryption_keys": new_key,
}
USES = {
    "secret_key": "signs the sessions of",
    "encryption_keys": "opens the secrets in",
}


def establish(settings: Settings) -> None:
    """Make what an instance needs and does not have: its folder, its keys, its file of SQLite."""
    make_folder(settings.var)
    for name, key in home.KEPT.items():
        if not getattr(settings, name):
            kept(settings.var / key, MAKERS[name])
    file = sqlite_file(settings)
    if file is not None:
        _make(file)
    tighten(settings)


def refuse_absent(settings: Settings) -> None:
    """Raise `SettingsError` where the file of the database is missing: nobody asked to make one."""
    file = sqlite_file(settings)
    if file is not None and not file.exists():
        raise SettingsError(
            [
                f"There is no database {file}. Set DATABASE_URL or FANFARE_VAR as for the other "
                f"processes of this instance. A new instance is made by {RUN} up, or by "
                f"{RUN} db create."
            ]
        )


def secret_key(settings: Settings) -> str:
    """Return the key that signs sessions; raise `SettingsError` where there is none."""
    return settings.secret_key or _needed(settings, "secret_key")


def encryption_keys(settings: Settings) -> tuple[str, ...]:
    """Return the keys that encrypt, newest first; raise `SettingsError` where there is none."""
    return settings.encryption_keys or (_needed(settings, "encryption_keys"),)


def _needed(settings: Settings, name: str) -> str:
    path = settings.var / home.KEPT[name]
    try:
        return path.read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError) as cause:
        where = location.database(settings.database)
        raise SettingsError(
            [
                f"{path} is missing, which {USES[name]} the database {where}. Put it back from a "
                f"copy, or set {variable(name)}. A new instance is made by {RUN} up, or by "
                f"{RUN} db create."
            ]
        ) from cause
    except OSError as cause:
        raise unusable(path, cause) from cause


def kept(path: Path, make: Callable[[], str]) -> str:
    """Return the secret in `path`; the first caller makes it, readable by its owner alone."""
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return _keep(path, make())
    except OSError as cause:
        raise unusable(path, cause) from cause


def _keep(path: Path, value: str) -> str:
    scratch = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWN)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(value)
        return _first(scratch, path)
    except OSError as cause:
        raise unusable(path, cause) from cause


def _first(scratch: Path, path: Path) -> str:
    # A link fails if another process was first; then its value counts.
    try:
        os.link(scratch, path)
    except FileExistsError:
        pass
    finally:
        scratch.unlink()
    return path.read_text(encoding="ascii").strip()


def make_folder(folder: Path) -> None:
    """Make the folder of an instance; raise `SettingsError` where it cannot be."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as cause:
        raise unusable(folder, cause) from cause


def _make(file: Path) -> None:
    """Make an empty file of SQLite, which gives the files beside it the same rights."""
    try:
        os.close(os.open(file, os.O_RDONLY | os.O_CREAT, OWN))
    except OSError as cause:
        raise SettingsError(
            [
                f"The database {file} cannot be made ({cause.strerror}). Name a place that you may "
                "write in DATABASE_URL or FANFARE_VAR."
            ]
        ) from cause


def tighten(settings: Settings) -> None:
    """Let nobody else read what was made with other rights, by an earlier version or by hand."""
    for path in _files(settings):
        # What belongs to another user is theirs to close.
        with suppress(OSError):
            if path.stat().st_mode & 0o077:
                path.chmod(OWN)


def _files(settings: Settings) -> Iterator[Path]:
    yield from (settings.var / file for file in home.KEPT.values())
    yield from settings.var.glob("*.log")
    yield from settings.var.glob("*.lock")
    file = sqlite_file(settings)
    if file is not None:
        yield from (file.with_name(file.name + more) for more in ("", "-wal", "-shm"))


def sqlite_file(settings: Settings) -> Path | None:
    """Return the file of the database, or `None` for one of a server or in memory."""
    url = make_url(settings.database)
    if url.get_backend_name() != "sqlite" or url.database == ":memory:":
        return None
    return Path(location.database(url))


def unusable(path: Path, cause: OSError) -> SettingsError:
    """Return what to say of a place that cannot be used."""
    return SettingsError(
        [f"{path} cannot be used ({cause.strerror}); set FANFARE_VAR to a folder you may write."]
    )
