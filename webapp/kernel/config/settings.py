"""The settings of an instance, read once from the environment."""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.engine import URL

from webapp.kernel.config import home, location, parsing
from webapp.kernel.config.command_name import RUN

PREFIX = "FANFARE_"
# What `service add` may read secrets from; no setting, so no setting keeps one.
SERVICE = f"{PREFIX}SERVICE_"
# Variables by the name they had before; an instance that sets one goes on, and its log says so.
FORMER = {
    f"{PREFIX}RECONCILE_AFTER_SECONDS": f"{PREFIX}SETTLE_SECONDS",
    f"{PREFIX}BATCH_SECONDS": f"{PREFIX}SLICE_SECONDS",
}

log = logging.getLogger(__name__)


class SettingsError(Exception):
    """The environment holds mistakes; the message lists all of them.

    `rest` are the `FANFARE_*` variables that no setting of the core claimed, and `disabled` the
    names of plugins to leave out: both are judged by whoever knows the plugins.
    """

    def __init__(
        self,
        problems: list[str],
        rest: Mapping[str, str] | None = None,
        disabled: tuple[str, ...] = (),
    ) -> None:
        """Join `problems`, one sentence each."""
        super().__init__("\n".join(problems))
        self.problems = problems
        self.rest = rest or {}
        self.disabled = disabled


def _read(parse: Callable[[str], Any], doc: str, **more: Any) -> Any:
    return field(metadata={"parse": parse, "doc": doc}, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a deployment may set; `docs/settings.md` explains each one.

    Values an operator may change live in the database instead, never in both.
    """

    var: Path = _read(
        parsing.path, "Folder for the files of this instance.", default_factory=home.folder
    )
    database_url: str = _read(
        parsing.database,
        "SQLAlchemy address of the database; SQLite in the var folder if absent.",
        default="",
    )
    redis_url: str = _read(
        parsing.broker, "Address of Redis or Valkey; a bundled Valkey server if absent.", default=""
    )
    secret_key: str = _read(
        parsing.secret,
        "Signs sessions, 16 characters or more; made in the var folder if absent.",
        default="",
        repr=False,
    )
    encryption_keys: tuple[str, ...] = _read(
        parsing.keys,
        "Keys that encrypt secrets, newest first; made in the var folder if absent.",
        default=(),
        repr=False,
    )
    host: str = _read(parsing.host, "Address the web server listens on.", default="127.0.0.1")
    port: int = _read(parsing.port, "Port the web server listens on.", default=8000)
    public_url: str = _read(
        parsing.web,
        "Address under which people reach this instance; links for them begin with it.",
        default="",
    )
    mail_url: str = _read(
        parsing.mail_server,
        "Mail server, encrypted unless it is this machine; without it no mail is sent.",
        default="",
        repr=False,
    )
    mail_from: str = _read(
        parsing.mail_address, "Address that mails of this instance are from.", default=""
    )
    proxies: int = _read(
        parsing.count, "Number of trusted reverse proxies in front of Fanfare.", default=0
    )
    secure_cookies: bool | None = _read(
        parsing.flag,
        "Whether browsers send cookies over HTTPS only; yes if the public address begins so.",
        default=None,
    )
    time_zone: str = _read(
        parsing.zone,
        "Time zone of operators, accounts and workflows that were given none.",
        default="UTC",
    )
    workers: int = _read(parsing.positive, "Worker processes that `./run` starts.", default=2)
    web_workers: int = _read(parsing.positive, "Web processes that `./run` starts.", default=2)
    workers_expected: int = _read(
        parsing.positive,
        "Workers that should run on all hosts; fewer are a fault. `./run` expects those it starts.",
        default=1,
    )
    schedulers_expected: int = _read(
        parsing.positive, "Schedulers that should run or stand by; fewer are a fault.", default=1
    )
    lease_seconds: int = _read(
        parsing.positive, "Seconds after which a silent worker's work is taken over.", default=90
    )
    reconcile_after_seconds: int = _read(
        parsing.positive,
        "Seconds after which the network is asked about an unknown outcome.",
        default=120,
    )
    batch_seconds: int = _read(
        parsing.positive, "Seconds after which a worker gives way to other deliveries.", default=20
    )
    waiting_contact_days: int = _read(
        parsing.positive,
        "Days after which contacts leave that somebody shared and nobody said whose they are.",
        default=30,
    )
    clock: str = _read(
        parsing.clock,
        "File of a clock that all processes share; for tests and the demo.",
        default="",
    )
    log_format: str = _read(
        parsing.log_format,
        "How processes write their log: `text`, or `json`, one object a line.",
        default="text",
    )
    plugins_disabled: tuple[str, ...] = _read(
        parsing.names, "Names of plugins not to load, with commas between them.", default=()
    )
    safe_mode: bool = _read(
        parsing.flag, "Whether to start without the plugins of others, to mend one.", default=False
    )
    plugin_options: Mapping[str, str] = field(default_factory=dict)

    @property
    def database(self) -> str:
        """The address of the database, with the driver this project ships."""
        if not self.database_url:
            file = URL.create("sqlite", database=str(self.var / home.DATABASE))
            return file.render_as_string()
        for old in ("postgres://", "postgresql://"):
            if self.database_url.startswith(old):
                return "postgresql+psycopg://" + self.database_url.removeprefix(old)
        return self.database_url

    @property
    def https_only(self) -> bool:
        """Whether browsers keep the cookies for HTTPS: as set, or as the public address says."""
        if self.secure_cookies is None:
            return self.public_url.startswith("https://")
        return self.secure_cookies

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the instance."""
        return ZoneInfo(self.time_zone)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings; raise `SettingsError` with every problem at once.

        `NAME_FILE` may name a file that holds the value, for secrets kept outside the environment.
        """
        return _Reader(os.environ if environ is None else environ).settings()


def variable(name: str) -> str:
    """Return the environment variable of a setting; two keep the names hosts give them."""
    return name.upper() if name in {"database_url", "redis_url"} else PREFIX + name.upper()


class _Reader:
    """Collects values and problems in one pass over the environment."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []
        self.known: set[str] = set()

    def settings(self) -> Settings:
        values = {
            spec.name: value
            for spec in fields(Settings)
            if "parse" in spec.metadata
            and (value := self._value(spec.name, spec.metadata["parse"])) is not None
        }
        rest = {
            name: text
            for name, text in self.environ.items()
            if name.startswith(PREFIX) and not name.startswith(SERVICE) and name not in self.known
        }
        found = Settings(**values)
        behind = "" if "var" in values else home.left_behind(found.var)
        self.problems += [behind] if behind else []
        self._demand_keys(found)
        if self.problems:
            raise SettingsError(self.problems, rest, values.get("plugins_disabled", ()))
        return Settings(**values, plugin_options=rest)

    def _demand_keys(self, settings: Settings) -> None:
        """Demand both keys where several machines may share a database, unless they were kept."""
        if settings.database.startswith("sqlite"):
            return
        for name, file in home.KEPT.items():
            told = any(item.startswith(variable(name)) for item in self.problems)
            if not told and not getattr(settings, name) and not (settings.var / file).exists():
                self.problems.append(
                    f"{variable(name)} is missing: every process on the database "
                    f"{location.database(settings.database)} needs the same one, kept for good. "
                    f"Make it with {RUN} make-key."
                )

    def _value(self, name: str, parse: Callable[[str], Any]) -> Any:
        label = self._written(variable(name))
        self.known |= {label, f"{label}_FILE"}
        text = self._text(label)
        if not text:
            return None
        try:
            return parse(text)
        except ValueError as cause:
            reason = str(cause) if str(cause).startswith("must") else "is not understood"
            self.problems.append(f"{label} {reason}.")
            return None

    def _written(self, label: str) -> str:
        """Return the name that a variable is set by: its own, or its former one, which is told."""
        former = FORMER.get(label, "")
        self.known |= {label, f"{label}_FILE"}
        if not former or not {former, f"{former}_FILE"} & self.environ.keys():
            return label
        log.warning("%s is called %s now; rename it.", former, label)
        if {label, f"{label}_FILE"} & self.environ.keys():
            self.problems.append(f"{former} is the former name of {label}; keep the new one alone.")
        return former

    def _text(self, label: str) -> str:
        path = self.environ.get(f"{label}_FILE", "")
        plain = self.environ.get(label, "").strip()
        if not path:
            return plain
        if plain:
            self.problems.append(f"{label} and {label}_FILE are both set; keep one of them.")
            return ""
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as cause:
            self.problems.append(f"{label}_FILE cannot be read: {cause.strerror}.")
            return ""
