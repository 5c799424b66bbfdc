"""Profiles for tests, and what visitors share."""

from typing import Any

from webapp.kernel.runtime import Runtime
from webapp.profiles import contacts
from webapp.profiles.models import Origin, Profile
from webapp.profiles.reconciliation.reconcile import Mode, Shared
from webapp.profiles.values import Source

PAGE = Source(origin=Origin.PAGE, about="Share your profile")


def make_profile(runtime: Runtime, **values: str) -> Profile:
    """A profile that an operator wrote."""
    return contacts.create(runtime, {"first_name": "Ana", "last_name": "Ruiz"} | values, twice=True)


def shared(mode: Mode = Mode.AUTOMATIC, **values: Any) -> Shared:
    """What somebody shared on a page."""
    return Shared(values=values, source=PAGE, mode=mode)
