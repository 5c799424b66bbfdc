"""What a report is asked for, as its address says it: the account, the days, what stands beside.

An address that names its days and its zone shows the same to whoever opens it, whenever they do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.cleaning import whole
from webapp.kernel.time import days
from webapp.reports.period import DAY, YEAR, Period

PRESETS = (7, 28, 84, 364)
USUAL = 28
OWN = "own"
LONGEST = 2 * 366


class Beside(StrEnum):
    """What a report is compared with."""

    BEFORE = "before"
    YEAR = "year"
    NOTHING = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A view of a report; `preset` is the number of last days, where no days are named."""

    period: Period
    beside: Beside = Beside.BEFORE
    preset: int | None = USUAL
    account: int | None = None

    @property
    def compared(self) -> Period | None:
        """The days that stand beside."""
        if self.beside is Beside.NOTHING:
            return None
        return self.period.before() if self.beside is Beside.BEFORE else self.period.earlier(YEAR)

    @property
    def lasting(self) -> dict[str, str]:
        """What an address says that shows the same days for good."""
        named = {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        named |= {"zone": self.period.zone.key, "beside": self.beside.value}
        return ({"account": str(self.account)} if self.account else {}) | named

    def of(self, account: int) -> "Asked":
        """Return the same view of an account."""
        return replace(self, account=account)


@requires(Permission.VIEW)
def usual(runtime: Runtime, number: int = USUAL) -> Asked:
    """Return the view of the last days up to now."""
    return Asked(period=_last(runtime, number, runtime.zone), preset=number)


@requires(Permission.VIEW)
def read(runtime: Runtime, said: Mapping[str, str]) -> Asked:
    """Return the view that an address asks for; raise `Invalid` with a sentence for each fault."""
    faults: dict[str, str] = {}
    zone = _zone(runtime, said, faults)
    preset = _preset(said, faults)
    period = _named(runtime, said, zone, faults) if preset is None else _last(runtime, preset, zone)
    beside = _beside(said, faults)
    account = _account(said, faults)
    if faults or period is None:
        raise Invalid(" ".join(faults.values()), faults)
    return Asked(period=period, beside=beside, preset=preset, account=account)


def _last(runtime: Runtime, number: int, zone: ZoneInfo) -> Period:
    today = days.day_of(runtime.now(), zone)
    return Period(first=today - DAY * (number - 1), last=today, zone=zone)


def _zone(runtime: Runtime, said: Mapping[str, str], faults: dict[str, str]) -> ZoneInfo:
    name = said.get("zone", "").strip()
    found = days.named(name) if name else runtime.zone
    if found is None:
        faults["zone"] = _("There is no time zone “%(name)s”.", name=name[:60])
    return found or runtime.zone


def _preset(said: Mapping[str, str], faults: dict[str, str]) -> int | None:
    text = said.get("days", "").strip()
    if text == OWN or (not text and (said.get("from") or said.get("to"))):
        return None
    if text and text not in map(str, PRESETS):
        faults["days"] = _("Choose one of the periods of the list.")
    return int(text) if text and not faults.get("days") else USUAL


def _named(
    runtime: Runtime, said: Mapping[str, str], zone: ZoneInfo, faults: dict[str, str]
) -> Period | None:
    first, last = (_day(said, name, faults) for name in ("from", "to"))
    if first is None or last is None:
        return None
    if last > days.day_of(runtime.now(), zone) + DAY:
        faults["to"] = _("This day has not come yet.")
    elif first > last:
        faults["to"] = _("The last day lies before the first one.")
    elif last - first >= timedelta(days=LONGEST):
        faults["from"] = _("A report goes over two years at most.")
    return Period(first=first, last=last, zone=zone)


def _day(said: Mapping[str, str], name: str, faults: dict[str, str]) -> date | None:
    text = said.get(name, "").strip()
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    # Days of other millennia have no place in a calendar of any zone.
    if found is None or not 2000 <= found.year <= 2200:  # noqa: PLR2004 - years
        faults[name] = _("Give a day, such as %(day)s.", day="2026-11-01")
        return None
    return found


def _beside(said: Mapping[str, str], faults: dict[str, str]) -> Beside:
    try:
        return Beside(said.get("beside", "").strip() or Beside.BEFORE)
    except ValueError:
        faults["beside"] = _("Choose what stands beside from the list.")
        return Beside.BEFORE


def _account(said: Mapping[str, str], faults: dict[str, str]) -> int | None:
    text = said.get("account", "").strip()
    try:
        return whole(text) or None if text else None
    except ValueError:
        faults["account"] = _("Choose an account of the list.")
        return None
