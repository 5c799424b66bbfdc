"""What one row of a file says, before anybody looks whom it is about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.audience.consent_files.faults import Fault, Wrong
from webapp.audience.consent_files.mapping import Dates, Reading
from webapp.audience.consents.wordings import LANGUAGE, Wording
from webapp.audience.models import Answer, ConsentScope
from webapp.kernel.text.lengths import LONGEST

# fmt: off
YES = frozenset((
    "yes", "y", "true", "1", "in", "opt-in", "opt_in", "optin", "opted-in", "opted_in", "opted in",
    "subscribed", "subscribe", "granted", "given", "ja", "oui", "si", "sí", "sim",
))
NO = frozenset((
    "no", "n", "false", "0", "out", "opt-out", "opt_out", "optout", "opted-out", "opted_out",
    "opted out", "unsubscribed", "unsubscribe", "stop", "withdrawn", "denied", "nein", "non", "não",
))
# fmt: on
LONG_TEXT = 8_000
LENGTHS = {"version": LONGEST, "network_id": LONGEST, "username": LONGEST}
WRITTEN = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?))?")
DAY_ALONE = re.compile(r"\d{4}-?\d{2}-?\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{4}")
# What a spreadsheet makes of a long number: it is nobody's id any more.
SHORTENED = re.compile(r"\d([.,]\d+)?E\+\d+")
FIRST = datetime(1970, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sound row: whom it names, and what they answered when."""

    number: int
    account: str
    network_id: str
    username: str
    answer: Answer
    at: datetime
    purpose: str
    proof: str
    wording: Wording | None
    # Whether it says when; a no that does not counts from now on.
    is_dated: bool


def read(number: int, cells: Sequence[str], how: Reading, now: datetime) -> Line:
    """Read a row; raise `Wrong` for one that is not sound.

    A yes is nothing without its evidence: the words, the date, and where it was given. A no holds
    without any, from now on where it says no date.
    """
    said = _told(cells, how)
    answer = _answer(said.get("answer", ""))
    wording = _wording(said)
    if not said.get("network_id") and not said.get("username"):
        raise Wrong("network_id", Fault.NOBODY)
    if SHORTENED.fullmatch(said.get("network_id", "")):
        raise Wrong("network_id", Fault.SHORTENED)
    if said.get("scope", ConsentScope.MESSAGES.value) != ConsentScope.MESSAGES.value:
        raise Wrong("scope", Fault.SCOPE)
    at = _date(said.get("date", ""), answer, how, now)
    if answer is Answer.OPT_IN and wording is None:
        raise Wrong("wording", Fault.WORDING)
    if answer is Answer.OPT_IN and not said.get("proof"):
        raise Wrong("proof", Fault.PROOF)
    return Line(
        number=number,
        account=said.get("account", ""),
        network_id=said.get("network_id", ""),
        username=said.get("username", ""),
        answer=answer,
        at=at,
        purpose=said.get("purpose", ""),
        proof=said.get("proof", ""),
        wording=wording,
        is_dated=bool(said.get("date")),
    )


def _told(cells: Sequence[str], how: Reading) -> dict[str, str]:
    if any(cells[how.width :]):
        raise Wrong("", Fault.WIDE)
    said = {name: text for name, text in how.defaults.items() if text}
    said |= {
        name: cells[place]
        for place, name in how.columns.items()
        if place < len(cells) and cells[place]
    }
    for name, text in said.items():
        if len(text) > LENGTHS.get(name, LONG_TEXT):
            raise Wrong(name, Fault.LONG)
    return said


def _answer(text: str) -> Answer:
    word = text.casefold().strip()
    if word in NO:
        return Answer.OPT_OUT
    if word in YES:
        return Answer.OPT_IN
    raise Wrong("answer", Fault.ANSWER)


def _wording(said: dict[str, str]) -> Wording | None:
    language = said.get("language", "")
    if language and not re.match(LANGUAGE, language):
        raise Wrong("language", Fault.LANGUAGE)
    if not said.get("wording"):
        return None
    return Wording(text=said["wording"], version=said.get("version", ""), language=language)


def _date(text: str, answer: Answer, how: Reading, now: datetime) -> datetime:
    """Return when an answer was given.

    Of a day alone a yes counts from its beginning and a no up to its end: what was said of both on
    one day nobody knows, and then the no holds.
    """
    if not text:
        if answer is Answer.OPT_IN:
            raise Wrong("date", Fault.DATE)
        return now
    found = _moment(text, how)
    if found > now:
        raise Wrong("date", Fault.TO_COME)
    if answer is Answer.OPT_OUT and DAY_ALONE.fullmatch(text):
        found = min(found + timedelta(days=1) - timedelta(seconds=1), now)
    at = found.astimezone(UTC)
    if at < FIRST:
        raise Wrong("date", Fault.NOT_A_DATE)
    return at


def _moment(text: str, how: Reading) -> datetime:
    zone = ZoneInfo(how.zone)
    try:
        written = WRITTEN.fullmatch(text)
        found = datetime.fromisoformat(text) if written is None else _of(written, how.dates)
        local = found if found.tzinfo else found.replace(tzinfo=zone)
        local.astimezone(UTC)
    except (ValueError, OverflowError) as cause:
        raise Wrong("date", Fault.NOT_A_DATE) from cause
    return local


def _of(written: re.Match[str], dates: Dates) -> datetime:
    """Return a day that is not written as ISO 8601; without a choice nobody knows which it is."""
    if dates is Dates.ISO:
        raise ValueError(written[0])
    one, two, year = (int(written[place]) for place in (1, 2, 3))
    day, month = (one, two) if dates is Dates.DAY_FIRST else (two, one)
    clock = time.fromisoformat(written[4].zfill(5)) if written[4] else time()
    return datetime.combine(datetime(year, month, day), clock)  # noqa: DTZ001 - its zone follows
