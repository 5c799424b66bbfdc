"""The log of a process: one line for each event, for people or as JSON for programs.

Each line has its time with the zone, its level, its origin, and the request or job it belongs to.
A fault that lasts is told once a minute, with how often it came back meanwhile.
"""

import logging
import re
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TextIO

from pythonjsonlogger.json import JsonFormatter

from webapp.kernel.logging import log_context

TEXT, JSON = "text", "json"
FORMATS = (TEXT, JSON)
MINUTE = 60.0
# So many different faults are remembered at once; more than any process has.
MOST_FAULTS = 1_000
DIGITS = re.compile(r"\d+")


def start(form: str) -> None:
    """Let this process write its log to standard error, in the given format.

    What the web server and the queue would write in a way of their own comes the same way.
    """
    handler = Written()
    handler.setFormatter(formatter(form))
    handler.addFilter(Repeats())
    handler.addFilter(mark)
    root = logging.getLogger()
    root.handlers = [*(item for item in root.handlers if not isinstance(item, Written)), handler]
    for name in ("gunicorn.error", "rq.worker", "rq.job"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True


class Written(logging.StreamHandler[TextIO]):
    """Writes to what is standard error at the moment, and stands for one start of the log."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line of a record."""
        self.stream = sys.stderr
        super().emit(record)


def formatter(form: str) -> logging.Formatter:
    """Return what writes a line in the given format."""
    return AsJson("%(message)s") if form == JSON else Lines()


def mark(record: logging.LogRecord) -> bool:
    """Let a record name the request or job it belongs to; it passes in any case."""
    record.request_id, record.job = log_context.request_id(), log_context.job()
    return True


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _of(record: logging.LogRecord, name: str) -> str:
    return str(getattr(record, name, ""))


class Lines(logging.Formatter):
    """Lines for people: time, level, origin, request or job, and what happened."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record, with the trace of its fault below."""
        about = " ".join(
            f"[{label} {_of(record, name)}]"
            for label, name in (("request", "request_id"), ("job", "job"))
            if _of(record, name)
        )
        again = _of(record, "repeated")
        plain = super().format(record)
        head = f"{_moment(record)} {record.levelname} {record.name}"
        said = f"({again} times more in the last minute) {plain}" if again else plain
        return " ".join(part for part in (head, about, said) if part)


class AsJson(JsonFormatter):
    """Lines for programs, each one JSON object."""

    def add_fields(
        self,
        log_data: dict[str, object],
        record: logging.LogRecord,
        message_dict: dict[str, object],
    ) -> None:
        """Fill in what every line tells, in one order."""
        log_data |= {"time": _moment(record), "level": record.levelname, "origin": record.name}
        named = {name: _of(record, name) for name in ("request_id", "job", "repeated")}
        log_data |= {name: text for name, text in named.items() if text}
        log_data["process"] = record.process
        log_data["message"] = record.getMessage()
        if message_dict.get("exc_info"):
            log_data["trace"] = message_dict["exc_info"]


@dataclass(slots=True)
class Told:
    """When a fault was last told, and how often it was kept back since."""

    at: float
    kept_back: int = 0


@dataclass(slots=True)
class Repeats(logging.Filter):
    """Keeps back a warning or error that was told within the last minute, and counts it.

    Numbers do not tell two faults apart: a port, a wait in seconds, the number of a row.
    """

    told: dict[tuple[str, ...], Told] = field(default_factory=dict)

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is written; one that is says how many were not."""
        if record.levelno < logging.WARNING:
            return True
        key, now = _kind(record), time.monotonic()
        last = self.told.get(key)
        if last is not None and now - last.at < MINUTE:
            last.kept_back += 1
            return False
        if last is not None and last.kept_back:
            record.repeated = last.kept_back
        if len(self.told) >= MOST_FAULTS:
            self.told.clear()
        self.told[key] = Told(at=now)
        return True


def _kind(record: logging.LogRecord) -> tuple[str, ...]:
    """Return what two records share that tell of the same fault."""
    fault = record.exc_info[1] if record.exc_info else None
    said = f"{type(fault).__name__}: {fault}" if fault else ""
    return record.name, record.levelname, DIGITS.sub("#", f"{record.getMessage()} {said}")
