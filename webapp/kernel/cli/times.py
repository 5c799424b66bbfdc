"""Times and spans as they are typed at the command line."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import click

from webapp.kernel.text.suggestions import near

SPAN = re.compile(r"(\d{1,4})\s*([dhm])")
SECONDS = {"d": 86_400, "h": 3_600, "m": 60}
PARTS = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)\s*(.+)?")
OFFSET = re.compile(r"Z|[+-]\d\d:?\d\d")


class Moment(click.ParamType[datetime]):
    """A day, a time and a zone; a time without its zone is refused."""

    name = "time"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the moment in UTC."""
        if isinstance(value, datetime):
            return value
        parts = PARTS.fullmatch(value.strip())
        if parts is None:
            self.fail(
                f"{value} is not a time; write it like '2026-12-01 09:00 Europe/Paris'.", param
            )
        day, clock, zone = parts.groups()
        if not zone:
            self.fail(f"{value} has no zone; add one, such as Europe/Paris or +01:00.", param)
        try:
            if OFFSET.fullmatch(zone):
                return datetime.fromisoformat(f"{day}T{clock}{zone}").astimezone(UTC)
            return self._in_zone(datetime.fromisoformat(f"{day}T{clock}"), zone)
        except (ValueError, ZoneInfoNotFoundError) as fault:
            self.fail(f"{value}: {fault}", param, ctx)
        except OverflowError:
            self.fail(f"{value} lies outside the calendar.", param, ctx)

    @staticmethod
    def _in_zone(wall: datetime, name: str) -> datetime:
        if name not in available_timezones():
            raise ValueError(f"There is no zone {name}. {near(name, available_timezones())}")
        zone = ZoneInfo(name)
        found = wall.replace(tzinfo=zone).astimezone(UTC)
        if found.astimezone(zone).replace(tzinfo=None) != wall:
            raise ValueError("clocks are put forward then, so this time does not exist.")
        return found


class Span(click.ParamType[int]):
    """A length of time, in seconds."""

    name = "span"

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the seconds."""
        if isinstance(value, int):
            return value
        parts = SPAN.fullmatch(value.strip())
        if parts is None:
            self.fail(f"{value} is not a length of time; write it like 5d, 36h or 90m.", param, ctx)
        return int(parts[1]) * SECONDS[parts[2]]
