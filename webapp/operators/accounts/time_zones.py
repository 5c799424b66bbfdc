"""The time zones an operator may live in."""

import zoneinfo
from functools import cache

from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _


@cache
def known() -> tuple[str, ...]:
    """Return the names of the zones, in order.

    They are files of the machine, which a form need not look for each time it is shown.
    """
    return tuple(sorted(zoneinfo.available_timezones()))


def fault(name: str) -> str:
    """Return what is wrong with the name of a zone, as a sentence; empty when nothing is."""
    if name in known():
        return ""
    return _("There is no such time zone. An example is Europe/Paris.")


def checked(name: str) -> str:
    """Return the name of a zone; raise `Invalid` with a sentence for any other."""
    wrong = fault(name)
    if wrong:
        raise Invalid(wrong, {"time_zone": wrong})
    return name
