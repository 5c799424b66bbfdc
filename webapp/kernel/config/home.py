"""Where the files of an instance lie when nobody says so, and where earlier versions left them."""

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
PACKAGED = Path(__file__).resolve().parents[2] / "_ui"
NAME = "fanfare"
DATABASE = "fanfare.sqlite3"
# Files of the var folder that stand in for these two settings on a single machine.
KEPT = {"secret_key": "session.key", "encryption_keys": "encryption.key"}
# People's own accounts have higher numbers, by the custom of every distribution.
FIRST_PERSON = 1000


def folder() -> Path:
    """Return `var` of a checkout; of an installed wheel where the platform keeps data.

    That is `XDG_DATA_HOME` or its stand-in for a person, and `/var/lib` for a service: a folder of
    the packages goes away with them, and not everybody may write to it.
    """
    if not PACKAGED.is_dir():
        return CHECKOUT / "var"
    from platformdirs import PlatformDirs  # noqa: PLC0415 - a checkout starts without it

    places = PlatformDirs(NAME, appauthor=False)
    serves = _is_service() and not os.environ.get("XDG_DATA_HOME")
    return Path(places.site_state_dir if serves else places.user_data_dir)


def _is_service() -> bool:
    """Tell whether this is root, the user of a service, or one without a home of its own."""
    return os.getuid() < FIRST_PERSON or not Path.home().is_dir()


def ui_dir() -> Path:
    """Return the folder that holds `templates` and `static`: in a wheel, or in the checkout."""
    return PACKAGED if PACKAGED.is_dir() else CHECKOUT


def left_behind(var: Path) -> str:
    """Return what to do about an instance that an earlier version left among its packages."""
    old = CHECKOUT / "var"
    if not PACKAGED.is_dir() or not _lives(old) or _lives(var):
        return ""
    return (
        f"An instance lies in {old}, where earlier versions kept it, and none in {var}. Move it: "
        f"mv {old} {var}. Or set FANFARE_VAR={old}."
    )


def _lives(place: Path) -> bool:
    """Tell whether a folder holds an instance."""
    return any((place / name).exists() for name in (DATABASE, *KEPT.values()))
