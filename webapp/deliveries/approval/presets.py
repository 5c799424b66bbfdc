"""The moments that a delivery is often scheduled for, offered so that nobody has to type them."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from webapp.kernel.i18n import _
from webapp.kernel.text.formats import date_only

MORNING, EVENING = time(9), time(18)
DAY = timedelta(days=1)
SUNDAY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A moment by the clocks of whoever plans, and how it is called."""

    label: str
    at: datetime

    @property
    def value(self) -> str:
        """The moment as a form sends it: a day and a time."""
        return f"{self.at:%Y-%m-%dT%H:%M}"


def tomorrow(here: datetime, at: time = MORNING) -> datetime:
    """Return a time of the next day; `here` is a moment by the clocks of whoever plans."""
    return _on(here + DAY, at)


def offers(here: datetime) -> list[Offer]:
    """Return what is offered at a moment, the nearest first; nothing that is over or at hand."""
    monday = _on(here + DAY * (7 - here.weekday()), MORNING)
    found = [
        Offer(label=_("Today %(time)s", time=_clock(EVENING)), at=_on(here, EVENING)),
        Offer(label=_("Tomorrow %(time)s", time=_clock(MORNING)), at=tomorrow(here)),
        Offer(label=_("Tomorrow %(time)s", time=_clock(EVENING)), at=tomorrow(here, EVENING)),
    ]
    if here.weekday() != SUNDAY:
        label = _("%(day)s, %(time)s", day=date_only(monday.date()), time=_clock(MORNING))
        found.append(Offer(label=label, at=monday))
    soon = here.replace(tzinfo=None) + timedelta(hours=1)
    return [offer for offer in found if offer.at > soon]


def _on(day: datetime, at: time) -> datetime:
    return datetime.combine(day.date(), at)


def _clock(at: time) -> str:
    return f"{at:%H:%M}"
