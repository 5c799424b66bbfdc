"""How each kind of setting is read from its text; what is wrong is said as what it must be."""

from collections.abc import Callable
from email.errors import HeaderParseError
from email.headerregistry import Address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cryptography.fernet import Fernet
from redis import ConnectionPool
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from channels.clock import FileClock
from webapp.kernel.config import location
from webapp.kernel.config.command_name import RUN
from webapp.kernel.logging import logs

LAST_PORT = 65_535
SHORTEST_SECRET = 16


def path(text: str) -> Path:
    """Return a path, whole and with the home folder."""
    return Path(text).expanduser().resolve()


def _whole(least: int, most: int, meaning: str) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"must be {meaning}")
        return int(text)

    return read


positive = _whole(1, 1_000_000, "a whole number from 1")
count = _whole(0, 16, "a whole number from 0 to 16")
port = _whole(1, LAST_PORT, "a port from 1 to 65535")


def _address(example: str, read: Callable[[str], bool], *schemes: str) -> Callable[[str], str]:
    """Return a reader of addresses that begin with a scheme and that `read` takes."""

    def checked(text: str) -> str:
        try:
            good = (
                text.startswith(schemes) and text.isprintable() and " " not in text and read(text)
            )
        except (ValueError, TypeError, ArgumentError) as cause:
            raise ValueError(f"must be an address such as {example}") from cause
        if not good:
            raise ValueError(f"must be an address such as {example}")
        return text

    return checked


def _is_site(text: str) -> bool:
    """Tell whether an address names a host and no page; a path stands in SCRIPT_NAME."""
    parts = urlsplit(text)
    return bool(parts.hostname and parts.port != 0) and not parts.path.strip("/")


def _is_database(text: str) -> bool:
    """Tell whether an address names a database, and none that each process has for itself."""
    url = make_url(text)
    if url.get_backend_name() == "sqlite" and not location.database(url).startswith("/"):
        return False  # each process might look for it in a folder of its own
    return url.database not in {None, "", ":memory:"} or bool(url.host or url.query)


def _is_broker(text: str) -> bool:
    """Tell whether a connection could be made of an address; nothing is asked of it yet."""
    return bool(ConnectionPool.from_url(text).make_connection())


web = _address("https://fanfare.example", _is_site, "http://", "https://")
database = _address(
    "postgresql://user@host/fanfare or sqlite:////srv/fanfare/fanfare.sqlite3", _is_database,
    "sqlite:///", "postgresql://", "postgresql+psycopg://", "postgres://",
)  # fmt: skip
mail_server = _address("smtps://user:password@mail.example:465", _is_site, "smtps://", "smtp://")
broker = _address("redis://host:6379/0", _is_broker, "redis://", "rediss://", "unix://")


def zone(text: str) -> str:
    """Return the name of a time zone."""
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError) as cause:
        raise ValueError("must be a time zone such as Europe/Paris") from cause


def keys(text: str) -> tuple[str, ...]:
    """Return keys that encrypt."""
    keys = tuple(part.strip() for part in text.split(",") if part.strip())
    for key in keys:
        try:
            Fernet(key)
        except ValueError as cause:
            raise ValueError(f"must hold keys made by `{RUN} make-key`, with commas") from cause
    return keys


def flag(text: str) -> bool:
    """Return yes or no."""
    known = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}
    try:
        return known[text.lower()]
    except KeyError as cause:
        raise ValueError("must be yes or no") from cause


def log_format(text: str) -> str:
    """Return how the log is written."""
    if text.lower() not in logs.FORMATS:
        raise ValueError("must be text or json")
    return text.lower()


def names(text: str) -> tuple[str, ...]:
    """Return names with commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def mail_address(text: str) -> str:
    """Return an address that mails may be from."""
    try:
        found = Address(addr_spec=text)
    except (ValueError, HeaderParseError, IndexError) as cause:
        raise ValueError("must be an address such as fanfare@shop.example") from cause
    if not found.username or not found.domain or not text.isascii():
        raise ValueError("must be an address such as fanfare@shop.example")
    return text


def secret(text: str) -> str:
    """Return a secret that nobody guesses in a lifetime."""
    if len(text) < SHORTEST_SECRET:
        raise ValueError(f"must have {SHORTEST_SECRET} characters or more")
    return text


def host(text: str) -> str:
    """Return one address of this machine; whether it is one is seen when the server binds to it."""
    if len(text.split()) > 1:
        raise ValueError("must be one address such as 127.0.0.1")
    return text


def clock(text: str) -> str:
    """Return the file of a shared clock; one that nobody set yet tells the system's time."""
    if not Path(text).absolute().parent.is_dir():
        raise ValueError("must name a file in a folder that exists")
    try:
        FileClock(text).now()
    except (ValueError, LookupError, TypeError, ArithmeticError, OSError) as cause:
        raise ValueError("must name a file that holds a clock, or none yet") from cause
    return text
