"""How templates write dates, numbers, money and spans of time."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_name
from flask import Flask, g, has_app_context
from flask_babel import (
    format_currency,
    format_date,
    format_datetime,
    format_decimal,
    get_locale,
    get_timezone,
)
from jinja2 import Undefined, pass_context
from jinja2.runtime import Context

from channels.sentences import all_counted, counted
from webapp.kernel.i18n import _, ngettext
from webapp.kernel.text import naming
from webapp.kernel.text.naming import currency

DAY = 86_400
HOUR = 3_600
MINUTE = 60
CENT = Decimal("0.01")


def init(app: Flask) -> None:
    """Register the filters, and let sentences of templates write numbers as those of modules."""
    known: dict[str, Any] = app.jinja_env.globals
    for name in ("gettext", "ngettext"):
        known[name] = _counting(known[name])
    for name, function in FILTERS.items():
        app.jinja_env.filters[name] = function
    app.jinja_env.globals["everybody"] = naming.everybody


def _counting(say: Callable[..., str]) -> Callable[..., str]:
    @pass_context
    def told(context: Context, /, *given: Any, **values: Any) -> str:
        return say(context, *map(counted, given), **all_counted(values))

    return told


def zone() -> ZoneInfo:
    """Return the operator's zone; that of the instance outside a request, else UTC."""
    return ZoneInfo(str(get_timezone()) if has_app_context() else "UTC")


def local(moment: datetime) -> datetime:
    """Return `moment` in the operator's zone."""
    return moment.astimezone(zone())


def when(moment: datetime | None) -> str:
    """Write a moment as a person says it: *today 15:51*, *Thu 19 Nov, 09:00*."""
    if moment is None:
        return _("never")
    here, now = local(moment), local(g.runtime.now())
    days = (here.date() - now.date()).days
    clock = format_datetime(here, "HH:mm", rebase=False)
    named = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}.get(days)
    if named:
        return f"{named} {clock}"
    pattern = "EEE d MMM" if here.year == now.year else "d MMM y"
    return f"{format_datetime(here, pattern, rebase=False)}, {clock}"


def date_zone(moment: datetime | None) -> str:
    """Write a moment in full with its zone: *Tuesday 24 November 2026, 05:42 CET*."""
    if moment is None:
        return _("never")
    here = local(moment)
    return f"{format_datetime(here, 'EEEE d MMMM y, HH:mm', rebase=False)} {zone_at(moment)}"


def when_zone(moment: datetime) -> str:
    """Write a moment as a person says it, with its zone: *today 15:51 CET*."""
    return f"{when(moment)} {zone_at(moment)}"


def zone_at(moment: datetime) -> str:
    """Write the operator's zone as it is called at a moment: *CET* in winter, *CEST* in summer.

    A zone without a name of its own is told by its distance: *UTC-3*.
    """
    here = local(moment)
    name, offset = here.tzname() or "", here.utcoffset() or timedelta()
    if name.isalpha():
        return name
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), HOUR // MINUTE)
    sign = "-" if offset < timedelta() else "+"
    return f"UTC{sign}{hours}:{minutes:02}" if minutes else f"UTC{sign}{hours}"


def day(moment: datetime | None) -> str:
    """Write the day of a moment: *12 Mar 2024*."""
    return _("unknown") if moment is None else format_date(local(moment), "d MMM y", rebase=False)


def date_only(value: date) -> str:
    """Write a calendar day: *Thu 19 Nov*."""
    return str(format_date(value, "EEE d MMM"))


def short_day(value: date) -> str:
    """Write a calendar day without its name: *26 Oct*."""
    return str(format_date(value, "d MMM"))


def long_day(value: date) -> str:
    """Write a calendar day with its year: *26 Oct 2026*."""
    return str(format_date(value, "d MMM y"))


def named_day(value: date) -> str:
    """Write a day as a heading: *Today, Monday 23 November*; of other years *14 February 2025*."""
    today = local(g.runtime.now()).date()
    if value.year != today.year:
        return str(format_date(value, "d MMMM y"))
    words = str(format_date(value, "EEEE d MMMM"))
    named = {0: _("Today"), 1: _("Yesterday")}.get((today - value).days)
    return f"{named}, {words}" if named else words


def moment_of(text: str) -> datetime:
    """Return a moment that was kept as text."""
    return datetime.fromisoformat(text)


def ago(moment: datetime) -> str:
    """Write how long ago the machine's clock showed a moment: *2 s*."""
    return duration(max(timedelta(), g.runtime.clock.system() - moment))


def clock_time(moment: datetime | None) -> str:
    """Write the time of day: *15:54*."""
    return "" if moment is None else format_datetime(local(moment), "HH:mm", rebase=False)


def soon(moment: datetime) -> str:
    """Write the time of day of a moment of today, and of any other its day, too."""
    same = local(moment).date() == local(g.runtime.now()).date()
    return clock_time(moment) if same else when(moment)


def clock_seconds(moment: datetime | None) -> str:
    """Write the time of day to the second, for journals: *15:54:03*."""
    return "" if moment is None else format_datetime(local(moment), "HH:mm:ss", rebase=False)


def between(first: datetime, last: datetime) -> str:
    """Write the bounds of a moment with their zone, *05:35 to 06:25 CET*, or the one minute."""
    here, there = local(first), local(last)
    same = here.date() == there.date()
    start, end = (clock_time(first), clock_time(last)) if same else (when(first), when(last))
    named, ending = zone_at(first), zone_at(last)
    if (start, named) == (end, ending):
        return f"{end} {ending}"
    # Clocks may be changed in between.
    start = start if named == ending else f"{start} {named}"
    return _("%(start)s to %(end)s %(zone)s", start=start, end=end, zone=ending)


def number(value: float | None) -> str:
    """Write a number with its separators; what is not known is *unknown*, never zero."""
    # What a network never told is missing from what is kept of it.
    absent = value is None or isinstance(value, Undefined)
    return _("unknown") if absent else str(format_decimal(value))


def money(value: Decimal | float | str | None, *kinds: str) -> str:
    """Write an amount in the currency of these channels, of all where none is named.

    It has two decimals, halves up; below a cent three or four. Amounts in a column stand under
    each other so, and what is not nothing never reads as 0.00.
    """
    if value is None:
        return _("unknown")
    amount = Decimal(str(value))
    places = 2 if not amount or abs(amount) >= CENT else _places(amount, 3)
    return _amount(amount, places, currency(*kinds))


def price(value: Decimal | float | str | None, *kinds: str) -> str:
    """Write what one thing costs: a part of a cent counts where many are bought."""
    if value is None:
        return _("unknown")
    amount = Decimal(str(value))
    return _amount(amount, _places(amount, 2), currency(*kinds))


def currency_name(kind: str) -> str:
    """Return the currency of a channel in words, such as *US dollars*."""
    return str(get_currency_name(currency(kind), count=naming.MANY, locale=get_locale()))


def people(kind: str, number: int | None = None) -> str:
    """Return what so many people of a channel are called; how many may be unknown."""
    return naming.people(naming.MANY if number is None else number, kind)


def _places(amount: Decimal, fewest: int) -> int:
    """Return how many decimals an amount needs, from `fewest` to four."""
    fitting = (places for places in range(fewest, 4) if amount == round(amount, places))
    return next(fitting, 4)


def _amount(amount: Decimal, places: int, code: str) -> str:
    """Write an amount; one of an unknown currency has no sign of any."""
    sign = "-" if amount < 0 else ""
    rounded = abs(amount).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    pattern = "#,##0." + "0" * places
    if not code:
        return f"{sign}{format_decimal(rounded, pattern)}"
    return sign + str(format_currency(rounded, code, f"¤{pattern}", currency_digits=False))


def duration(value: timedelta | float | None) -> str:
    """Write a span of time by its two largest units: *20 h 42 min*."""
    if value is None:
        return _("unknown")
    seconds = round(value.total_seconds() if isinstance(value, timedelta) else value)
    if seconds < MINUTE:
        return _("%(n)s s", n=seconds)
    if seconds < HOUR:
        return _two(seconds, MINUTE, _("min"), 1, _("s"))
    if seconds < DAY:
        return _two(seconds, HOUR, _("h"), MINUTE, _("min"))
    days, rest = divmod(seconds, DAY)
    text = ngettext("%(num)s day", "%(num)s days", days)
    return f"{text} {rest // HOUR} {_('h')}" if rest >= HOUR else text


def _two(seconds: int, large: int, large_name: str, small: int, small_name: str) -> str:
    whole, rest = divmod(seconds, large)
    part = rest // small
    return f"{whole} {large_name} {part} {small_name}" if part else f"{whole} {large_name}"


def language() -> str:
    """Return the language of this page, for `<html lang>`."""
    return str(get_locale() or "en")


FILTERS = {
    "when": when,
    "date_zone": date_zone,
    "when_zone": when_zone,
    "zone_at": zone_at,
    "day": day,
    "date_only": date_only,
    "long_day": long_day,
    "named_day": named_day,
    "ago": ago,
    "moment_of": moment_of,
    "clock_time": clock_time,
    "soon": soon,
    "clock_seconds": clock_seconds,
    "between": between,
    "number": number,
    "money": money,
    "bare": naming.bare,
    "people": people,
    "headed": naming.headed,
    "price": price,
    "duration": duration,
}
